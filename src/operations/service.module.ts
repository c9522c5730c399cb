import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ChangeContactBookHandler } from '../commands/change-contact-book.js';
import { COMMAND_SETTINGS, type CommandSettings } from '../commands/command-settings.js';
import { EVENT_STORE, type EventStore } from '../event-log/event-store.js';
import { EVENT_CODEC, type EventCodec } from '../event-log/stored-form.js';
import { BillingRouteController } from '../http/billing-route.controller.js';
import { ContactsController } from '../http/contacts.controller.js';
import { HealthController } from '../http/health.controller.js';
import {
  BillingRoutingReader,
  GetBillingRouteHandler,
} from '../read-models/billing-routing/get-billing-route.js';
import { ContactsReader, GetContactBookHandler } from '../read-models/contacts/get-contact-book.js';

export interface ServiceDependencies {
  readonly eventStore: EventStore;
  readonly codec: EventCodec;
  readonly contactsReader: ContactsReader;
  readonly billingRoutingReader: BillingRoutingReader;
  readonly commandSettings: CommandSettings;
}

/** The API role as Nest wires it; a process without that role serves its health alone. */
@Module({})
export class ServiceModule {
  static withApi(dependencies: ServiceDependencies): DynamicModule {
    return {
      module: ServiceModule,
      imports: [CqrsModule.forRoot()],
      controllers: [ContactsController, BillingRouteController, HealthController],
      providers: [
        ChangeContactBookHandler,
        GetContactBookHandler,
        GetBillingRouteHandler,
        { provide: EVENT_STORE, useValue: dependencies.eventStore },
        { provide: EVENT_CODEC, useValue: dependencies.codec },
        { provide: ContactsReader, useValue: dependencies.contactsReader },
        { provide: BillingRoutingReader, useValue: dependencies.billingRoutingReader },
        { provide: COMMAND_SETTINGS, useValue: dependencies.commandSettings },
      ],
    };
  }

  static withHealthOnly(): DynamicModule {
    return { module: ServiceModule, controllers: [HealthController] };
  }
}
