import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ChangeContactBookHandler } from '../commands/change-contact-book.js';
import { COMMAND_SETTINGS, type CommandSettings } from '../commands/command-settings.js';
import { BookSnapshots } from '../event-log/book-snapshots.js';
import { EVENT_STORE, type EventStore } from '../event-log/event-store.js';
import { EVENT_CODEC, type EventCodec } from '../event-log/stored-form.js';
import { ContactsController } from '../http/contacts.controller.js';
import { HealthController } from '../http/health.controller.js';
import { ProblemPagesController } from '../http/problem-pages/problem-pages.controller.js';
import { BillingRouteController } from '../http/reads/billing-route.controller.js';
import { BillingRoutesController } from '../http/reads/billing-routes.controller.js';
import { ClientsController } from '../http/reads/clients.controller.js';
import { ContactBookController } from '../http/reads/contact-book.controller.js';
import { ContactSearchController } from '../http/reads/contact-search.controller.js';
import { HistoryController } from '../http/reads/history.controller.js';
import { PortalAccessController } from '../http/reads/portal-access.controller.js';
import { BillingRoutingDocuments } from '../read-models/billing-routing/billing-routing.js';
import {
  BillingRoutingReader,
  GetBillingRouteHandler,
} from '../read-models/billing-routing/get-billing-route.js';
import { GetBillingRoutesHandler } from '../read-models/billing-routing/get-billing-routes.js';
import { ListBillingRoutesHandler } from '../read-models/billing-routing/list-billing-routes.js';
import { COMPLETENESS, type Completeness } from '../read-models/completeness.js';
import { HELD_BACK_CLIENTS, type HeldBackClients } from '../read-models/held-back.js';
import { ContactsDocuments } from '../read-models/contacts/contacts.js';
import { ContactsReader, GetContactBookHandler } from '../read-models/contacts/get-contact-book.js';
import { ListClientsHandler } from '../read-models/contacts/list-clients.js';
import { SearchContactsHandler } from '../read-models/contacts/search-contacts.js';
import { GetHistoryHandler } from '../read-models/history/get-history.js';
import { FindPortalAccessHandler } from '../read-models/portal-access/find-portal-access.js';
import { PortalAccessDocuments } from '../read-models/portal-access/portal-access.js';

export interface ServiceDependencies {
  readonly eventStore: EventStore;
  readonly codec: EventCodec;
  readonly contactsDocuments: ContactsDocuments;
  readonly snapshots: BookSnapshots;
  readonly contactsReader: ContactsReader;
  readonly billingRoutingDocuments: BillingRoutingDocuments;
  readonly billingRoutingReader: BillingRoutingReader;
  readonly portalAccessDocuments: PortalAccessDocuments;
  readonly completeness: Completeness;
  readonly heldBackClients: HeldBackClients;
  readonly commandSettings: CommandSettings;
}

/** The API role as Nest wires it; a process without that role serves its health alone. */
@Module({})
export class ServiceModule {
  static withApi(dependencies: ServiceDependencies): DynamicModule {
    return {
      module: ServiceModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        ContactsController,
        ContactBookController,
        BillingRouteController,
        HistoryController,
        ClientsController,
        ContactSearchController,
        BillingRoutesController,
        PortalAccessController,
        HealthController,
        ProblemPagesController,
      ],
      providers: [
        ChangeContactBookHandler,
        GetContactBookHandler,
        GetBillingRouteHandler,
        SearchContactsHandler,
        ListClientsHandler,
        ListBillingRoutesHandler,
        GetBillingRoutesHandler,
        FindPortalAccessHandler,
        GetHistoryHandler,
        { provide: EVENT_STORE, useValue: dependencies.eventStore },
        { provide: EVENT_CODEC, useValue: dependencies.codec },
        { provide: ContactsDocuments, useValue: dependencies.contactsDocuments },
        { provide: BookSnapshots, useValue: dependencies.snapshots },
        { provide: ContactsReader, useValue: dependencies.contactsReader },
        { provide: BillingRoutingDocuments, useValue: dependencies.billingRoutingDocuments },
        { provide: BillingRoutingReader, useValue: dependencies.billingRoutingReader },
        { provide: PortalAccessDocuments, useValue: dependencies.portalAccessDocuments },
        { provide: COMPLETENESS, useValue: dependencies.completeness },
        { provide: HELD_BACK_CLIENTS, useValue: dependencies.heldBackClients },
        { provide: COMMAND_SETTINGS, useValue: dependencies.commandSettings },
      ],
    };
  }

  static withHealthOnly(): DynamicModule {
    return { module: ServiceModule, controllers: [HealthController, ProblemPagesController] };
  }
}
