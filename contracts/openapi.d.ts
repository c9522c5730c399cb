export interface paths {
    "/v1/workspaces/{workspaceId}/clients/{clientId}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The contact book of a client */
        get: operations["contacts"];
        /**
         * Replace the whole list of contacts, at the revision that the caller has seen
         * @description Everyone who is in no row is removed. Only the outcome must be valid, so two contacts may swap their emails; all of it is done, or nothing.
         */
        put: operations["replaceContacts"];
        /** Add a contact */
        post: operations["addContact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/clients/{clientId}/contacts/{contactId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One contact of a client */
        get: operations["contact"];
        put?: never;
        post?: never;
        /** Remove a contact; a successor takes their flags, otherwise those become vacant */
        delete: operations["removeContact"];
        options?: never;
        head?: never;
        /** Change a contact's details; what is absent stays */
        patch: operations["changeDetails"];
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/clients/{clientId}/primary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set the primary contact, or clear it with null */
        put: operations["setPrimary"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/clients/{clientId}/billing-default": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set the billing default, or clear it with null */
        put: operations["setBillingDefault"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/clients/{clientId}/billing-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set the billing email, which wins over every contact, or clear it with null */
        put: operations["setBillingEmail"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/clients/{clientId}/contacts/{contactId}/portal-access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Turn a contact's access to the client portal on or off */
        put: operations["togglePortalAccess"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/clients/{clientId}/billing-route": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who receives this client's invoices, by which rule, since when, and what was passed over */
        get: operations["billingRoute"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/clients/{clientId}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to a client: who did what, when and why, the newest first
         * @description It is read from the log itself. Who was erased since is shown as erased.
         */
        get: operations["history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The clients of a workspace at a glance */
        get: operations["clients"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/contacts/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search the contacts of a workspace */
        post: operations["searchContacts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/billing-routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The billing routes of a workspace, such as those that reach nobody */
        get: operations["billingRoutes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/billing-routes/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The billing routes of up to 500 clients
         * @description A client whom nobody has ever written to is unroutable, at revision -1.
         */
        post: operations["billingRoutesOf"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{workspaceId}/portal-access/look-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Who of the workspace’s contacts has an address, and may sign in to the client portal
         * @description The answer has the same shape whether the address is known or not. A person may be a contact of several clients: each of them is a match. **Unless `complete` is true the portal must refuse**, whatever the matches say.
         */
        post: operations["lookUpPortalAccess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AddContactRequest: {
            /** @example Margaux Lefèvre */
            name?: string | null;
            /** @example Head of finance */
            title?: string | null;
            /** @example +33 1 23 45 67 89 */
            phone?: string | null;
            /** @example margaux@lefevre.example */
            email: string;
            /** @default false */
            primary?: boolean;
            /** @default false */
            billingDefault?: boolean;
            /**
             * @description Whether the contact may sign in to the portal
             * @default true
             */
            portalEnabled?: boolean;
        };
        /** @description In the place of a value whose owner asked to be forgotten */
        Erased: {
            /** @enum {boolean} */
            erased: true;
        };
        Contact: {
            /** @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e */
            contactId: string;
            /** @example margaux@lefevre.example */
            email: string | components["schemas"]["Erased"];
            /** @example Margaux Lefèvre */
            name: string | components["schemas"]["Erased"] | null;
            /** @example Head of finance */
            title: string | components["schemas"]["Erased"] | null;
            /** @example +33 1 23 45 67 89 */
            phone: string | components["schemas"]["Erased"] | null;
            /**
             * @description The main point of contact; at most one
             * @example true
             */
            primary: boolean;
            /**
             * @description Whom invoices go to by default; at most one
             * @example false
             */
            billingDefault: boolean;
            /**
             * @description Whether they may sign in to the portal
             * @example true
             */
            portalEnabled: boolean;
        };
        Warning: {
            /**
             * @example no_billing_default
             * @enum {string}
             */
            code: "no_primary" | "no_billing_default" | "unroutable" | "billing_email_cannot_sign_in";
        };
        PassedOverRule: {
            /**
             * @example billing_email
             * @enum {string}
             */
            rule: "billing_email" | "billing_default" | "primary";
            /** @description Whom the invoices would have gone to */
            contactId?: string;
            /**
             * @description `outranked`: it has an address, but a rule before it fired
             * @example not_set
             * @enum {string}
             */
            reason: "not_set" | "erased" | "outranked";
        };
        Route: {
            /**
             * @example routed
             * @enum {string}
             */
            status: "routed" | "unroutable";
            /**
             * @description The rule that fired
             * @example primary
             * @enum {string}
             */
            rule: "billing_email" | "billing_default" | "primary" | "none";
            /** @example margaux@lefevre.example */
            email: string | null;
            /**
             * @description The contact whose address it is, whichever rule fired; null for nobody’s
             * @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e
             */
            contactId: string | null;
            /**
             * @description Every rule that did not fire, in order of precedence
             * @example [
             *       {
             *         "rule": "billing_email",
             *         "reason": "not_set"
             *       },
             *       {
             *         "rule": "billing_default",
             *         "reason": "not_set"
             *       }
             *     ]
             */
            passedOver: components["schemas"]["PassedOverRule"][];
        };
        ChangedRoute: {
            /**
             * @example {
             *       "status": "unroutable",
             *       "rule": "none",
             *       "email": null,
             *       "contactId": null,
             *       "passedOver": []
             *     }
             */
            before: components["schemas"]["Route"];
            after: components["schemas"]["Route"];
        };
        Access: {
            /** @example true */
            maySignIn: boolean;
            /**
             * @description The address, as addresses are compared; null for someone who is gone, or erased since
             * @example margaux@lefevre.example
             */
            email: string | null;
            /**
             * @description Links and sessions that were made under a lower one are dead
             * @example 1
             */
            generation: number;
        };
        ChangedAccess: {
            /** @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e */
            contactId: string;
            /**
             * @description Null for someone who was not in the book
             * @example null
             */
            before: components["schemas"]["Access"] | null;
            after: components["schemas"]["Access"];
        };
        Effects: {
            /** @description Who receives invoices, before and after */
            billingRoute: components["schemas"]["ChangedRoute"];
            /** @description Of each contact whose access to the portal is not what it was */
            portalAccess: components["schemas"]["ChangedAccess"][];
        };
        Event: {
            /** @example BillingDefaultChanged */
            type: string;
            /**
             * @example {
             *       "from": null,
             *       "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
             *     }
             */
            data: {
                [key: string]: unknown;
            };
        };
        AddedContact: {
            /**
             * @description -1: nobody has ever written to it
             * @example 7
             */
            revision: number;
            /** @description In the order in which they were added */
            contacts: components["schemas"]["Contact"][];
            /**
             * @description When set, invoices go there and not to a contact
             * @example null
             */
            billingEmail: string | components["schemas"]["Erased"] | null;
            /** @description What is allowed but likely to be regretted */
            warnings: components["schemas"]["Warning"][];
            /** @description What it did to whom money and access hang on */
            effects: components["schemas"]["Effects"];
            /** @description In the answer to a dry run: what would be stored, in one append */
            events?: components["schemas"]["Event"][];
            /**
             * @description The contact who was added. It follows from the Idempotency-Key
             * @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e
             */
            contactId: string;
        };
        ContactRowRequest: {
            /** @example Margaux Lefèvre */
            name?: string | null;
            /** @example Head of finance */
            title?: string | null;
            /** @example +33 1 23 45 67 89 */
            phone?: string | null;
            /** @example margaux@lefevre.example */
            email: string;
            /** @default false */
            primary?: boolean;
            /** @default false */
            billingDefault?: boolean;
            /**
             * @description A contact of this client. A row without one is the contact with its email, unless another row names that contact; else a new one.
             * @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e
             */
            contactId?: string;
            /** @description Absent keeps what a contact has; a new one may sign in */
            portalEnabled?: boolean;
        };
        ReplaceContactsRequest: {
            contacts: components["schemas"]["ContactRowRequest"][];
            /**
             * @description An empty list, which removes everyone, is refused without it
             * @default false
             */
            allowEmpty?: boolean;
        };
        ReplacedContacts: {
            /**
             * @description -1: nobody has ever written to it
             * @example 7
             */
            revision: number;
            /** @description In the order in which they were added */
            contacts: components["schemas"]["Contact"][];
            /**
             * @description When set, invoices go there and not to a contact
             * @example null
             */
            billingEmail: string | components["schemas"]["Erased"] | null;
            /** @description What is allowed but likely to be regretted */
            warnings: components["schemas"]["Warning"][];
            /** @description What it did to whom money and access hang on */
            effects: components["schemas"]["Effects"];
            /** @description In the answer to a dry run: what would be stored, in one append */
            events?: components["schemas"]["Event"][];
            /**
             * @example [
             *       "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
             *     ]
             */
            added: string[];
            /**
             * @description In their fields, flags or portal access
             * @example []
             */
            changed: string[];
            /** @example [] */
            removed: string[];
            /** @example [] */
            unchanged: string[];
        };
        ChangeDetailsRequest: {
            /** @example Margaux Lefèvre */
            name?: string | null;
            /** @example Head of finance */
            title?: string | null;
            /** @example +33 1 23 45 67 89 */
            phone?: string | null;
            /** @example margaux@lefevre.example */
            email?: string;
        };
        ChangedContactBook: {
            /**
             * @description -1: nobody has ever written to it
             * @example 7
             */
            revision: number;
            /** @description In the order in which they were added */
            contacts: components["schemas"]["Contact"][];
            /**
             * @description When set, invoices go there and not to a contact
             * @example null
             */
            billingEmail: string | components["schemas"]["Erased"] | null;
            /** @description What is allowed but likely to be regretted */
            warnings: components["schemas"]["Warning"][];
            /** @description What it did to whom money and access hang on */
            effects: components["schemas"]["Effects"];
            /** @description In the answer to a dry run: what would be stored, in one append */
            events?: components["schemas"]["Event"][];
        };
        FlagHolderRequest: {
            contactId: string | null;
        };
        BillingEmailRequest: {
            /** @example invoices@lefevre.example */
            email: string | null;
        };
        PortalAccessRequest: {
            /** @example false */
            enabled: boolean;
        };
        ContactBookRead: {
            /**
             * @description -1: nobody has ever written to it
             * @example 7
             */
            revision: number;
            /** @description In the order in which they were added */
            contacts: components["schemas"]["Contact"][];
            /**
             * @description When set, invoices go there and not to a contact
             * @example null
             */
            billingEmail: string | components["schemas"]["Erased"] | null;
            /** @description What is allowed but likely to be regretted */
            warnings: components["schemas"]["Warning"][];
            /**
             * @description `log`: folded from the stream itself, since the read model could not show it
             * @example read_model
             * @enum {string}
             */
            source: "read_model" | "log";
            /** @description Only there where one of the client’s events can not be handled yet: this answer is the current state all the same, folded from the stream (`source` is `log`), while lists show an earlier one */
            heldBack?: boolean;
        };
        ContactRead: {
            /** @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e */
            contactId: string;
            /** @example margaux@lefevre.example */
            email: string | components["schemas"]["Erased"];
            /** @example Margaux Lefèvre */
            name: string | components["schemas"]["Erased"] | null;
            /** @example Head of finance */
            title: string | components["schemas"]["Erased"] | null;
            /** @example +33 1 23 45 67 89 */
            phone: string | components["schemas"]["Erased"] | null;
            /**
             * @description The main point of contact; at most one
             * @example true
             */
            primary: boolean;
            /**
             * @description Whom invoices go to by default; at most one
             * @example false
             */
            billingDefault: boolean;
            /**
             * @description Whether they may sign in to the portal
             * @example true
             */
            portalEnabled: boolean;
            /**
             * @description Of the contact book
             * @example 7
             */
            revision: number;
            /**
             * @description `log`: folded from the stream itself, since the read model could not show it
             * @example read_model
             * @enum {string}
             */
            source: "read_model" | "log";
            /** @description Only there where one of the client’s events can not be handled yet: this answer is the current state all the same, folded from the stream (`source` is `log`), while lists show an earlier one */
            heldBack?: boolean;
        };
        Since: {
            /** @example 4 */
            revision: number;
            /**
             * Format: date-time
             * @example 2026-11-03T09:14:27.310Z
             */
            at: string;
        };
        BillingRoute: {
            /**
             * @example routed
             * @enum {string}
             */
            status: "routed" | "unroutable";
            /**
             * @description The rule that fired
             * @example primary
             * @enum {string}
             */
            rule: "billing_email" | "billing_default" | "primary" | "none";
            /** @example margaux@lefevre.example */
            email: string | null;
            /**
             * @description The contact whose address it is, whichever rule fired; null for nobody’s
             * @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e
             */
            contactId: string | null;
            /**
             * @description Every rule that did not fire, in order of precedence
             * @example [
             *       {
             *         "rule": "billing_email",
             *         "reason": "not_set"
             *       },
             *       {
             *         "rule": "billing_default",
             *         "reason": "not_set"
             *       }
             *     ]
             */
            passedOver: components["schemas"]["PassedOverRule"][];
            /** @example brasserie-lefevre */
            clientId: string;
            /**
             * @description Of the client’s contact book
             * @example 7
             */
            revision: number;
            /** @description The change that made the rule, the contact or the address what they are; null for none ever */
            since: components["schemas"]["Since"] | null;
            warnings: components["schemas"]["Warning"][];
            /**
             * @description `log`: folded from the stream itself, since the read model could not show it
             * @example read_model
             * @enum {string}
             */
            source: "read_model" | "log";
            /** @description Only there where one of the client’s events can not be handled yet: this answer is the current state all the same, folded from the stream (`source` is `log`), while lists show an earlier one */
            heldBack?: boolean;
        };
        Actor: {
            /**
             * @example user
             * @enum {string}
             */
            kind: "user" | "service";
            /** @example user-31 */
            id: string;
            /**
             * @description A person’s role, as it was then
             * @example admin
             */
            role?: string;
        };
        ChangedText: {
            /** @example null */
            before: string | components["schemas"]["Erased"] | null;
            /** @example Margaux Lefèvre */
            after: string | components["schemas"]["Erased"] | null;
        };
        ChangedSwitch: {
            /** @example null */
            before: boolean | null;
            /** @example true */
            after: boolean | null;
        };
        ChangedFields: {
            /**
             * @example {
             *       "before": "margaux@lefevre.example",
             *       "after": "m.lefevre@lefevre.example"
             *     }
             */
            email?: components["schemas"]["ChangedText"];
            name?: components["schemas"]["ChangedText"];
            /**
             * @example {
             *       "before": "Buyer",
             *       "after": "Head of finance"
             *     }
             */
            title?: components["schemas"]["ChangedText"];
            /**
             * @example {
             *       "before": null,
             *       "after": "+33 1 23 45 67 89"
             *     }
             */
            phone?: components["schemas"]["ChangedText"];
            /**
             * @example {
             *       "before": true,
             *       "after": false
             *     }
             */
            portalEnabled?: components["schemas"]["ChangedSwitch"];
        };
        ChangedContact: {
            /** @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e */
            contactId: string;
            /**
             * @description Of someone who was erased nothing is told but the id
             * @example changed
             * @enum {string}
             */
            change: "added" | "changed" | "removed" | "erased";
            /** @description Those that changed; `before` is null for someone who was added, `after` for someone who was removed */
            fields: components["schemas"]["ChangedFields"];
        };
        ChangedHolder: {
            /** @example null */
            before: string | null;
            /** @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e */
            after: string | null;
        };
        BookChanges: {
            contacts: components["schemas"]["ChangedContact"][];
            /** @description There when it moved */
            primary?: components["schemas"]["ChangedHolder"];
            /** @description There when it moved */
            billingDefault?: components["schemas"]["ChangedHolder"];
            /**
             * @description There when it changed
             * @example {
             *       "before": null,
             *       "after": "invoices@lefevre.example"
             *     }
             */
            billingEmail?: components["schemas"]["ChangedText"];
        };
        HistoryEntry: {
            /**
             * @description Of its first event
             * @example 6
             */
            firstRevision: number;
            /**
             * @description That the book has after it
             * @example 7
             */
            revision: number;
            /**
             * Format: date-time
             * @description When the event store recorded it, by its clock
             * @example 2026-11-03T09:14:27.310Z
             */
            at: string;
            /** @description Who did it */
            actor: components["schemas"]["Actor"];
            /**
             * @description Why, if it was said
             * @example She took over from Paul
             */
            reason: string | components["schemas"]["Erased"] | null;
            /** @example 3e5b0c1e-8f43-8b0a-9d3c-6f0f2c7f1a55 */
            commandId: string;
            /** @example import-2026-11-24.7 */
            correlationId: string;
            changes: components["schemas"]["BookChanges"];
        };
        HistoryPage: {
            /**
             * @description Of the newest entry
             * @example 7
             */
            revision: number;
            /** @description The newest first */
            entries: components["schemas"]["HistoryEntry"][];
            /**
             * @description The `cursor` of the next page; null on the last one
             * @example null
             */
            nextCursor: string | null;
        };
        RouteSummary: {
            /**
             * @example routed
             * @enum {string}
             */
            status: "routed" | "unroutable";
            /**
             * @description The rule that fired
             * @example primary
             * @enum {string}
             */
            rule: "billing_email" | "billing_default" | "primary" | "none";
        };
        ClientSummary: {
            /** @example brasserie-lefevre */
            clientId: string;
            /**
             * @description Of the client’s contact book
             * @example 7
             */
            revision: number;
            /**
             * Format: date-time
             * @example 2026-11-03T09:14:27.310Z
             */
            changedAt: string;
            /**
             * @description How many there are
             * @example 3
             */
            contacts: number;
            /**
             * @description How many of them may sign in
             * @example 2
             */
            portalEnabled: number;
            /**
             * @description Who holds the flag
             * @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e
             */
            primary: string | null;
            /**
             * @description Who holds the flag
             * @example null
             */
            billingDefault: string | null;
            /** @example false */
            hasBillingEmail: boolean;
            billingRoute: components["schemas"]["RouteSummary"];
            warnings: components["schemas"]["Warning"][];
        };
        ClientsPage: {
            /** @description Those that were ever written to, by client id */
            clients: components["schemas"]["ClientSummary"][];
            /**
             * @description The `cursor` of the next page; null on the last one
             * @example null
             */
            nextCursor: string | null;
            /**
             * @description The clients of whom an earlier state is shown, or none: their latest events can not be handled yet.
             * @example []
             */
            heldBack: string[];
        };
        ContactSearchRequest: {
            /**
             * @description How many at most
             * @default 50
             */
            limit?: number;
            /** @description The `nextCursor` of the page before */
            cursor?: string;
            /**
             * @description How the address begins, or its domain; in any case
             * @example margaux@lefevre
             */
            email?: string;
            /**
             * @description How words of the name begin, in any order and case
             * @example marg lef
             */
            name?: string;
            /**
             * @description As `name` is searched
             * @example finance
             */
            title?: string;
            /** @example true */
            primary?: boolean;
            billingDefault?: boolean;
            portalEnabled?: boolean;
        };
        FoundContact: {
            /** @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e */
            contactId: string;
            /** @example margaux@lefevre.example */
            email: string | components["schemas"]["Erased"];
            /** @example Margaux Lefèvre */
            name: string | components["schemas"]["Erased"] | null;
            /** @example Head of finance */
            title: string | components["schemas"]["Erased"] | null;
            /** @example +33 1 23 45 67 89 */
            phone: string | components["schemas"]["Erased"] | null;
            /**
             * @description The main point of contact; at most one
             * @example true
             */
            primary: boolean;
            /**
             * @description Whom invoices go to by default; at most one
             * @example false
             */
            billingDefault: boolean;
            /**
             * @description Whether they may sign in to the portal
             * @example true
             */
            portalEnabled: boolean;
            /** @example brasserie-lefevre */
            clientId: string;
            /**
             * @description Of the client’s contact book
             * @example 7
             */
            revision: number;
        };
        ContactsPage: {
            /** @description By client id and contact id */
            contacts: components["schemas"]["FoundContact"][];
            /**
             * @description The `cursor` of the next page; null on the last one
             * @example null
             */
            nextCursor: string | null;
            /**
             * @description The clients of whom an earlier state is shown, or none: their latest events can not be handled yet.
             * @example []
             */
            heldBack: string[];
        };
        BillingRoutesPage: {
            /** @description By client id */
            routes: components["schemas"]["BillingRoute"][];
            /**
             * @description The `cursor` of the next page; null on the last one
             * @example null
             */
            nextCursor: string | null;
            /**
             * @description The clients of whom an earlier state is shown, or none: their latest events can not be handled yet.
             * @example []
             */
            heldBack: string[];
        };
        BillingRoutesRequest: {
            /**
             * @example [
             *       "brasserie-lefevre",
             *       "saimaa"
             *     ]
             */
            clientIds: string[];
        };
        BillingRoutes: {
            /** @description In the order of the client ids that were asked for */
            routes: components["schemas"]["BillingRoute"][];
            /**
             * @description The clients of whom an earlier state is shown, or none: their latest events can not be handled yet.
             * @example []
             */
            heldBack: string[];
        };
        PortalLookUpRequest: {
            /** @example margaux@lefevre.example */
            email: string;
        };
        PortalMatch: {
            /** @example brasserie-lefevre */
            clientId: string;
            /** @example f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e */
            contactId: string;
            /** @example true */
            maySignIn: boolean;
            /**
             * @description Links and sessions that were made under a lower one are dead
             * @example 1
             */
            generation: number;
        };
        PortalMatches: {
            /** @description All contacts of the workspace with this address, by client id and contact id */
            matches: components["schemas"]["PortalMatch"][];
            /**
             * @description Whether these are the matches of everything that was there when the question came. **When false the portal must refuse**: someone may be missing, or may be shown who must not sign in any more
             * @example true
             */
            complete: boolean;
        };
        Problem: {
            /**
             * Format: uri-reference
             * @description Where this problem is explained
             */
            type: string;
            title: string;
            status: number;
            /**
             * @description - `malformed_request`: The body is no JSON or no UTF-8, is nested too deep, a header came twice that may come once or has not the form it must have, or the address can not be decoded. Mend the request; `detail` says where it is known what is wrong.
             *     - `invalid_id`: An id in the path is not 1 to 64 letters, digits, hyphens or underscores. Look at the `parameter` that is named: often a name or an address stands where an id belongs.
             *     - `unauthenticated`: There is no bearer token, it has expired, or its signature, issuer or audience is not the one asked for. Get a new token from the identity provider.
             *     - `forbidden`: The token is good, but a person's role in this workspace, or a service's scope, does not allow this. It is answered whether what is asked for exists or not. Ask an owner of the workspace for the role, or the operator for the scope.
             *     - `portal_access_denied`: The installation leaves portal access to owners and admins, and a manager or a service tried to change it. Ask an owner or an admin.
             *     - `not_found`: No route has this address. Compare the address with the documentation at /docs.
             *     - `contact_not_found`: The client has no contact with this id: it was removed, or it is another client's. Read the contact book and take the id from there.
             *     - `revision_not_reached`: The contact book is asked for as of a `revision`, or at a `minRevision` or later, and has not come to it. After a restore from a backup the revisions that came behind it are gone. Ask for a revision up to the one that `revision` names. Who got the other one from a write reads the contact book: the write is lost.
             *     - `method_not_allowed`: The address is served, but not with this method. Take one of the methods in the header `Allow`.
             *     - `request_timeout`: The head or the body of the request came too slowly, or a connection was opened and nothing sent. Send it again on a new connection, without pauses. Nothing of it was done.
             *     - `duplicate_email`: Another contact of the same client has this email. Letter case, surrounding spaces and the form of an international domain make no difference. Change the contact that `contactId` names, or remove it first.
             *     - `concurrent_changes`: Others kept changing this contact book for so long that the command found no gap. Send it again, with the same Idempotency-Key.
             *     - `idempotency_key_reused`: The same caller sent another request for this client with this Idempotency-Key before, and it is among the last 500 commands of the client. Take a new key for a new request; the same key only for the same request.
             *     - `idempotency_key_spent`: The same caller added the contact that `contactId` names with this Idempotency-Key, more commands of this client ago than it remembers (the last 500). Nothing was changed. Where another rule forbids the command too, such as an email that is still in use, that may be told instead. Read the contact book to see whether what the first request did still holds. Take a new key for whatever is to be added now.
             *     - `cursor_outdated`: Another version of the read model serves than gave the page that the cursor came with; the list may differ in it. Begin again without a cursor.
             *     - `revision_mismatch`: The request insists on a revision by `If-Match` or `If-None-Match`, and the contact book has another: somebody changed it. Read the contact book, decide again, and send the command with the new entity tag.
             *     - `payload_too_large`: The body is larger than the route takes. Send less at once.
             *     - `uri_too_long`: The address, with its query, is longer than 4,096 characters. Send less in the query.
             *     - `unsupported_media_type`: The body is not JSON, has another charset than UTF-8, or is compressed. Send `Content-Type: application/json` and the body as it is.
             *     - `validation_failed`: Fields of the body or parameters of the query are missing, unknown, of another type, or out of their bounds. Nothing was changed. `errors` lists every fault that was found: where it is, and why it is one.
             *     - `idempotency_key_required`: A POST that writes came without an `Idempotency-Key`. Nothing was changed. Send the header with a value of your own, such as a UUID, and the same value when you send this request again: then it happens once. A dry run needs none.
             *     - `invalid_cursor`: The cursor is not one that this list gave: it was changed on its way, or came with another list. Send the cursor as it came, to the list that it came with; or begin again without one. What else is asked for is not held against it: send the same, or the pages do not fit together.
             *     - `too_many_contacts`: The client has as many contacts as it may have. Remove contacts that are no longer needed.
             *     - `conflicting_rows`: Rows of one list claim what only one may have: a contact id, an email, the primary flag, or the billing default. Nothing was changed. Change the rows until one has the `field`; `rows` names them, and counts from 0 as a JSON pointer does.
             *     - `precondition_required`: The whole list of contacts is to be replaced, and the request does not say which revision its sender has seen. Others may have added contacts since, whom it would remove. Read the contacts, make the list from them, and send their `ETag` as `If-Match` (`*` does not count); for a client nobody has written to, `If-None-Match: *`.
             *     - `rate_limited`: A caller made more requests in a window than one may, or one address made too many without being let in. It is counted by process. Wait for `Retry-After`, then send less often. Nothing of it was done.
             *     - `headers_too_large`: The head of the request is larger than 16 KiB, or has more headers than may be (100, unless the operator says otherwise). Send fewer or shorter headers; cookies are of no use here.
             *     - `internal_error`: Something happened that nobody foresaw. Whether a command was carried out is not known. Report the correlation id; the log has the place in the code under it. A command may be sent again with the same Idempotency-Key.
             *     - `personal_data_unreadable`: A key that personal data of this client is encrypted with is missing or wrong: the key store and the event store do not fit together. The operator compares the backups that both were restored from. The answer stays the same until then.
             *     - `dependency_unavailable`: The event store, the database, the key store or the identity provider can not be reached, or no read model serves yet. A command was not carried out. Send it again after `Retry-After`.
             *     - `outcome_unknown`: The event store did not answer an append, and could not be asked whether it has it: the command may have been carried out. Send it again with the same Idempotency-Key, which does it once; without a key, read the contact book first.
             *     - `too_busy`: As many requests or commands are under way in this process as it takes. This one was not begun. Send it again after `Retry-After`.
             *     - `unknown_event`: The contact book holds an event of a newer build, as happens while a new version is rolled out. Send it again after `Retry-After`: a replica of the newer build answers.
             * @enum {string}
             */
            code: "malformed_request" | "invalid_id" | "unauthenticated" | "forbidden" | "portal_access_denied" | "not_found" | "contact_not_found" | "revision_not_reached" | "method_not_allowed" | "request_timeout" | "duplicate_email" | "concurrent_changes" | "idempotency_key_reused" | "idempotency_key_spent" | "cursor_outdated" | "revision_mismatch" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "validation_failed" | "idempotency_key_required" | "invalid_cursor" | "too_many_contacts" | "conflicting_rows" | "precondition_required" | "rate_limited" | "headers_too_large" | "internal_error" | "personal_data_unreadable" | "dependency_unavailable" | "outcome_unknown" | "too_busy" | "unknown_event";
            detail?: string;
            /** @description Each fault of the request that was found, all at once */
            errors?: {
                /** @description Where in the body: a JSON pointer */
                pointer?: string;
                /** @description Which parameter of the query */
                parameter?: string;
                detail: string;
            }[];
            /** @description The contact that this is about */
            contactId?: string;
            /** @description The revision that the contact book has */
            revision?: number;
            /** @description The parameter of path or query that this is about */
            parameter?: string;
            /** @description Where in the body that is: a JSON pointer */
            pointer?: string;
            /** @description Of rows that contradict each other: in what */
            field?: string;
            /** @description Those rows, counted from 0 */
            rows?: number[];
            /** @description How many there may be */
            max?: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    contacts: {
        parameters: {
            query?: {
                /** @description At this revision or later: waits a second at most for the read model, then reads the log. 404 where the book never came to it. */
                minRevision?: number;
                /** @description As of this revision; one inside an append stands for the whole append before. Who was erased since is shown as erased. */
                revision?: number;
                /** @description As of this moment by the event store’s clock: RFC 3339 with an offset, whose `+` is `%2B` in a URL. What is finer than a millisecond is cut off. */
                at?: string;
            };
            header?: {
                /** @description Entity tags that the caller has; 304 where the current one is among them. Only for the current state. */
                "If-None-Match"?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "source": "read_model"
                     *     }
                     */
                    "application/json": components["schemas"]["ContactBookRead"];
                };
            };
            /** @description The caller has it already */
            304: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: The caller may not do this in this workspace */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `revision_not_reached`: The contact book has not come to this revision */
            404: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 404;
                        /** @enum {string} */
                        code?: "revision_not_reached";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    replaceContacts: {
        parameters: {
            query?: {
                /** @description Answer what the write would lead to, with its events, and store nothing. The ETag is that of the contact book it was tried on. */
                dryRun?: boolean;
            };
            header?: {
                /** @description Makes a retry the same command: it gets the first answer again. It belongs to caller and client, who remembers the last 500 commands. A POST needs one, unless it is a dry run. */
                "Idempotency-Key"?: string;
                /** @description The entity tag of the contact book that the caller has seen, or several of which it must have one; 412 when it has another. 428 without it, unless there is If-None-Match; `*` does not count. */
                "If-Match"?: string;
                /** @description `*` insists that nobody has written to this contact book yet; not together with If-Match. */
                "If-None-Match"?: "*";
                /** @description Why: it stands in the history. Up to 500 characters, as percent-encoded UTF-8. */
                "X-Reason"?: string;
                /** @description The trace that it belongs to (W3C Trace Context); one of another form is passed over. */
                traceparent?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "contacts": [
                 *         {
                 *           "name": "Margaux Lefèvre",
                 *           "title": "Head of finance",
                 *           "phone": "+33 1 23 45 67 89",
                 *           "email": "margaux@lefevre.example",
                 *           "primary": false,
                 *           "billingDefault": false,
                 *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                 *         }
                 *       ],
                 *       "allowEmpty": false
                 *     }
                 */
                "application/json": components["schemas"]["ReplaceContactsRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    /** @description There when this command was carried out before, and this is its first answer again */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "effects": {
                     *         "billingRoute": {
                     *           "before": {
                     *             "status": "unroutable",
                     *             "rule": "none",
                     *             "email": null,
                     *             "contactId": null,
                     *             "passedOver": []
                     *           },
                     *           "after": {
                     *             "status": "routed",
                     *             "rule": "primary",
                     *             "email": "margaux@lefevre.example",
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "passedOver": [
                     *               {
                     *                 "rule": "billing_email",
                     *                 "reason": "not_set"
                     *               },
                     *               {
                     *                 "rule": "billing_default",
                     *                 "reason": "not_set"
                     *               }
                     *             ]
                     *           }
                     *         },
                     *         "portalAccess": [
                     *           {
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "before": null,
                     *             "after": {
                     *               "maySignIn": true,
                     *               "email": "margaux@lefevre.example",
                     *               "generation": 1
                     *             }
                     *           }
                     *         ]
                     *       },
                     *       "events": [
                     *         {
                     *           "type": "BillingDefaultChanged",
                     *           "data": {
                     *             "from": null,
                     *             "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *           }
                     *         }
                     *       ],
                     *       "added": [
                     *         "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *       ],
                     *       "changed": [],
                     *       "removed": [],
                     *       "unchanged": []
                     *     }
                     */
                    "application/json": components["schemas"]["ReplacedContacts"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /**
             * @description `forbidden`: The caller may not do this in this workspace
             *
             *     `portal_access_denied`: Portal access is left to owners and admins
             */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden" | "portal_access_denied";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /**
             * @description `concurrent_changes`: Others kept changing this contact book: try again
             *
             *     `idempotency_key_reused`: This Idempotency-Key came with another request before
             *
             *     `idempotency_key_spent`: This Idempotency-Key added a contact before, and is no longer remembered: use a new one
             */
            409: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 409;
                        /** @enum {string} */
                        code?: "concurrent_changes" | "idempotency_key_reused" | "idempotency_key_spent";
                    };
                };
            };
            /** @description `revision_mismatch`: The contact book has another revision than the request insists on */
            412: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 412;
                        /** @enum {string} */
                        code?: "revision_mismatch";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /**
             * @description `validation_failed`: Fields of the body, or parameters of the query, are not valid
             *
             *     `too_many_contacts`: The client has as many contacts as it may have
             *
             *     `conflicting_rows`: Rows of the list contradict each other
             */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed" | "too_many_contacts" | "conflicting_rows";
                    };
                };
            };
            /** @description `precondition_required`: The whole list is replaced only at the revision that If-Match names */
            428: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 428;
                        /** @enum {string} */
                        code?: "precondition_required";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `outcome_unknown`: It may have been stored: try again with the same Idempotency-Key, or read the book first
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "outcome_unknown" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    addContact: {
        parameters: {
            query?: {
                /** @description Answer what the write would lead to, with its events, and store nothing. The ETag is that of the contact book it was tried on. */
                dryRun?: boolean;
            };
            header?: {
                /** @description Makes a retry the same command: it gets the first answer again. It belongs to caller and client, who remembers the last 500 commands. A POST needs one, unless it is a dry run. */
                "Idempotency-Key"?: string;
                /** @description The entity tag of the contact book that the caller has seen, or several of which it must have one; `*` for any. 412 when it has another. */
                "If-Match"?: string;
                /** @description `*` insists that nobody has written to this contact book yet; not together with If-Match. */
                "If-None-Match"?: "*";
                /** @description Why: it stands in the history. Up to 500 characters, as percent-encoded UTF-8. */
                "X-Reason"?: string;
                /** @description The trace that it belongs to (W3C Trace Context); one of another form is passed over. */
                traceparent?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Margaux Lefèvre",
                 *       "title": "Head of finance",
                 *       "phone": "+33 1 23 45 67 89",
                 *       "email": "margaux@lefevre.example",
                 *       "primary": false,
                 *       "billingDefault": false,
                 *       "portalEnabled": true
                 *     }
                 */
                "application/json": components["schemas"]["AddContactRequest"];
            };
        };
        responses: {
            /** @description What a dry run would have led to */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    /** @description There when this command was carried out before, and this is its first answer again */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "effects": {
                     *         "billingRoute": {
                     *           "before": {
                     *             "status": "unroutable",
                     *             "rule": "none",
                     *             "email": null,
                     *             "contactId": null,
                     *             "passedOver": []
                     *           },
                     *           "after": {
                     *             "status": "routed",
                     *             "rule": "primary",
                     *             "email": "margaux@lefevre.example",
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "passedOver": [
                     *               {
                     *                 "rule": "billing_email",
                     *                 "reason": "not_set"
                     *               },
                     *               {
                     *                 "rule": "billing_default",
                     *                 "reason": "not_set"
                     *               }
                     *             ]
                     *           }
                     *         },
                     *         "portalAccess": [
                     *           {
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "before": null,
                     *             "after": {
                     *               "maySignIn": true,
                     *               "email": "margaux@lefevre.example",
                     *               "generation": 1
                     *             }
                     *           }
                     *         ]
                     *       },
                     *       "events": [
                     *         {
                     *           "type": "BillingDefaultChanged",
                     *           "data": {
                     *             "from": null,
                     *             "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *           }
                     *         }
                     *       ],
                     *       "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *     }
                     */
                    "application/json": components["schemas"]["AddedContact"];
                };
            };
            /** @description Done */
            201: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    /** @description There when this command was carried out before, and this is its first answer again */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "effects": {
                     *         "billingRoute": {
                     *           "before": {
                     *             "status": "unroutable",
                     *             "rule": "none",
                     *             "email": null,
                     *             "contactId": null,
                     *             "passedOver": []
                     *           },
                     *           "after": {
                     *             "status": "routed",
                     *             "rule": "primary",
                     *             "email": "margaux@lefevre.example",
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "passedOver": [
                     *               {
                     *                 "rule": "billing_email",
                     *                 "reason": "not_set"
                     *               },
                     *               {
                     *                 "rule": "billing_default",
                     *                 "reason": "not_set"
                     *               }
                     *             ]
                     *           }
                     *         },
                     *         "portalAccess": [
                     *           {
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "before": null,
                     *             "after": {
                     *               "maySignIn": true,
                     *               "email": "margaux@lefevre.example",
                     *               "generation": 1
                     *             }
                     *           }
                     *         ]
                     *       },
                     *       "events": [
                     *         {
                     *           "type": "BillingDefaultChanged",
                     *           "data": {
                     *             "from": null,
                     *             "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *           }
                     *         }
                     *       ],
                     *       "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *     }
                     */
                    "application/json": components["schemas"]["AddedContact"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /**
             * @description `forbidden`: The caller may not do this in this workspace
             *
             *     `portal_access_denied`: Portal access is left to owners and admins
             */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden" | "portal_access_denied";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /**
             * @description `duplicate_email`: Another contact of the client has this email
             *
             *     `concurrent_changes`: Others kept changing this contact book: try again
             *
             *     `idempotency_key_reused`: This Idempotency-Key came with another request before
             *
             *     `idempotency_key_spent`: This Idempotency-Key added a contact before, and is no longer remembered: use a new one
             */
            409: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 409;
                        /** @enum {string} */
                        code?: "duplicate_email" | "concurrent_changes" | "idempotency_key_reused" | "idempotency_key_spent";
                    };
                };
            };
            /** @description `revision_mismatch`: The contact book has another revision than the request insists on */
            412: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 412;
                        /** @enum {string} */
                        code?: "revision_mismatch";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /**
             * @description `validation_failed`: Fields of the body, or parameters of the query, are not valid
             *
             *     `idempotency_key_required`: A POST that writes needs an Idempotency-Key: a value of your own, the same when you send it again
             *
             *     `too_many_contacts`: The client has as many contacts as it may have
             */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed" | "idempotency_key_required" | "too_many_contacts";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `outcome_unknown`: It may have been stored: try again with the same Idempotency-Key, or read the book first
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "outcome_unknown" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    contact: {
        parameters: {
            query?: {
                /** @description At this revision or later: waits a second at most for the read model, then reads the log. 404 where the book never came to it. */
                minRevision?: number;
                /** @description As of this revision; one inside an append stands for the whole append before. Who was erased since is shown as erased. */
                revision?: number;
                /** @description As of this moment by the event store’s clock: RFC 3339 with an offset, whose `+` is `%2B` in a URL. What is finer than a millisecond is cut off. */
                at?: string;
            };
            header?: {
                /** @description Entity tags that the caller has; 304 where the current one is among them. Only for the current state. */
                "If-None-Match"?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
                /** @description A person at this client */
                contactId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *       "email": "margaux@lefevre.example",
                     *       "name": "Margaux Lefèvre",
                     *       "title": "Head of finance",
                     *       "phone": "+33 1 23 45 67 89",
                     *       "primary": true,
                     *       "billingDefault": false,
                     *       "portalEnabled": true,
                     *       "revision": 7,
                     *       "source": "read_model"
                     *     }
                     */
                    "application/json": components["schemas"]["ContactRead"];
                };
            };
            /** @description The caller has it already */
            304: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: The caller may not do this in this workspace */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden";
                    };
                };
            };
            /**
             * @description `contact_not_found`: The client has no such contact
             *
             *     `revision_not_reached`: The contact book has not come to this revision
             */
            404: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 404;
                        /** @enum {string} */
                        code?: "contact_not_found" | "revision_not_reached";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    removeContact: {
        parameters: {
            query?: {
                /** @description Answer what the write would lead to, with its events, and store nothing. The ETag is that of the contact book it was tried on. */
                dryRun?: boolean;
                /** @description Who takes the flags of the one removed */
                successorId?: string;
            };
            header?: {
                /** @description Makes a retry the same command: it gets the first answer again. It belongs to caller and client, who remembers the last 500 commands. A POST needs one, unless it is a dry run. */
                "Idempotency-Key"?: string;
                /** @description The entity tag of the contact book that the caller has seen, or several of which it must have one; `*` for any. 412 when it has another. */
                "If-Match"?: string;
                /** @description `*` insists that nobody has written to this contact book yet; not together with If-Match. */
                "If-None-Match"?: "*";
                /** @description Why: it stands in the history. Up to 500 characters, as percent-encoded UTF-8. */
                "X-Reason"?: string;
                /** @description The trace that it belongs to (W3C Trace Context); one of another form is passed over. */
                traceparent?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
                /** @description A person at this client */
                contactId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    /** @description There when this command was carried out before, and this is its first answer again */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "effects": {
                     *         "billingRoute": {
                     *           "before": {
                     *             "status": "unroutable",
                     *             "rule": "none",
                     *             "email": null,
                     *             "contactId": null,
                     *             "passedOver": []
                     *           },
                     *           "after": {
                     *             "status": "routed",
                     *             "rule": "primary",
                     *             "email": "margaux@lefevre.example",
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "passedOver": [
                     *               {
                     *                 "rule": "billing_email",
                     *                 "reason": "not_set"
                     *               },
                     *               {
                     *                 "rule": "billing_default",
                     *                 "reason": "not_set"
                     *               }
                     *             ]
                     *           }
                     *         },
                     *         "portalAccess": [
                     *           {
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "before": null,
                     *             "after": {
                     *               "maySignIn": true,
                     *               "email": "margaux@lefevre.example",
                     *               "generation": 1
                     *             }
                     *           }
                     *         ]
                     *       },
                     *       "events": [
                     *         {
                     *           "type": "BillingDefaultChanged",
                     *           "data": {
                     *             "from": null,
                     *             "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedContactBook"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /**
             * @description `forbidden`: The caller may not do this in this workspace
             *
             *     `portal_access_denied`: Portal access is left to owners and admins
             */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden" | "portal_access_denied";
                    };
                };
            };
            /** @description `contact_not_found`: The client has no such contact */
            404: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 404;
                        /** @enum {string} */
                        code?: "contact_not_found";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /**
             * @description `concurrent_changes`: Others kept changing this contact book: try again
             *
             *     `idempotency_key_reused`: This Idempotency-Key came with another request before
             */
            409: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 409;
                        /** @enum {string} */
                        code?: "concurrent_changes" | "idempotency_key_reused";
                    };
                };
            };
            /** @description `revision_mismatch`: The contact book has another revision than the request insists on */
            412: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 412;
                        /** @enum {string} */
                        code?: "revision_mismatch";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `outcome_unknown`: It may have been stored: try again with the same Idempotency-Key, or read the book first
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "outcome_unknown" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    changeDetails: {
        parameters: {
            query?: {
                /** @description Answer what the write would lead to, with its events, and store nothing. The ETag is that of the contact book it was tried on. */
                dryRun?: boolean;
            };
            header?: {
                /** @description Makes a retry the same command: it gets the first answer again. It belongs to caller and client, who remembers the last 500 commands. A POST needs one, unless it is a dry run. */
                "Idempotency-Key"?: string;
                /** @description The entity tag of the contact book that the caller has seen, or several of which it must have one; `*` for any. 412 when it has another. */
                "If-Match"?: string;
                /** @description `*` insists that nobody has written to this contact book yet; not together with If-Match. */
                "If-None-Match"?: "*";
                /** @description Why: it stands in the history. Up to 500 characters, as percent-encoded UTF-8. */
                "X-Reason"?: string;
                /** @description The trace that it belongs to (W3C Trace Context); one of another form is passed over. */
                traceparent?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
                /** @description A person at this client */
                contactId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Margaux Lefèvre",
                 *       "title": "Head of finance",
                 *       "phone": "+33 1 23 45 67 89",
                 *       "email": "margaux@lefevre.example"
                 *     }
                 */
                "application/json": components["schemas"]["ChangeDetailsRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    /** @description There when this command was carried out before, and this is its first answer again */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "effects": {
                     *         "billingRoute": {
                     *           "before": {
                     *             "status": "unroutable",
                     *             "rule": "none",
                     *             "email": null,
                     *             "contactId": null,
                     *             "passedOver": []
                     *           },
                     *           "after": {
                     *             "status": "routed",
                     *             "rule": "primary",
                     *             "email": "margaux@lefevre.example",
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "passedOver": [
                     *               {
                     *                 "rule": "billing_email",
                     *                 "reason": "not_set"
                     *               },
                     *               {
                     *                 "rule": "billing_default",
                     *                 "reason": "not_set"
                     *               }
                     *             ]
                     *           }
                     *         },
                     *         "portalAccess": [
                     *           {
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "before": null,
                     *             "after": {
                     *               "maySignIn": true,
                     *               "email": "margaux@lefevre.example",
                     *               "generation": 1
                     *             }
                     *           }
                     *         ]
                     *       },
                     *       "events": [
                     *         {
                     *           "type": "BillingDefaultChanged",
                     *           "data": {
                     *             "from": null,
                     *             "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedContactBook"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /**
             * @description `forbidden`: The caller may not do this in this workspace
             *
             *     `portal_access_denied`: Portal access is left to owners and admins
             */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden" | "portal_access_denied";
                    };
                };
            };
            /** @description `contact_not_found`: The client has no such contact */
            404: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 404;
                        /** @enum {string} */
                        code?: "contact_not_found";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /**
             * @description `duplicate_email`: Another contact of the client has this email
             *
             *     `concurrent_changes`: Others kept changing this contact book: try again
             *
             *     `idempotency_key_reused`: This Idempotency-Key came with another request before
             */
            409: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 409;
                        /** @enum {string} */
                        code?: "duplicate_email" | "concurrent_changes" | "idempotency_key_reused";
                    };
                };
            };
            /** @description `revision_mismatch`: The contact book has another revision than the request insists on */
            412: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 412;
                        /** @enum {string} */
                        code?: "revision_mismatch";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `outcome_unknown`: It may have been stored: try again with the same Idempotency-Key, or read the book first
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "outcome_unknown" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    setPrimary: {
        parameters: {
            query?: {
                /** @description Answer what the write would lead to, with its events, and store nothing. The ETag is that of the contact book it was tried on. */
                dryRun?: boolean;
            };
            header?: {
                /** @description Makes a retry the same command: it gets the first answer again. It belongs to caller and client, who remembers the last 500 commands. A POST needs one, unless it is a dry run. */
                "Idempotency-Key"?: string;
                /** @description The entity tag of the contact book that the caller has seen, or several of which it must have one; `*` for any. 412 when it has another. */
                "If-Match"?: string;
                /** @description `*` insists that nobody has written to this contact book yet; not together with If-Match. */
                "If-None-Match"?: "*";
                /** @description Why: it stands in the history. Up to 500 characters, as percent-encoded UTF-8. */
                "X-Reason"?: string;
                /** @description The trace that it belongs to (W3C Trace Context); one of another form is passed over. */
                traceparent?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "contactId": null
                 *     }
                 */
                "application/json": components["schemas"]["FlagHolderRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    /** @description There when this command was carried out before, and this is its first answer again */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "effects": {
                     *         "billingRoute": {
                     *           "before": {
                     *             "status": "unroutable",
                     *             "rule": "none",
                     *             "email": null,
                     *             "contactId": null,
                     *             "passedOver": []
                     *           },
                     *           "after": {
                     *             "status": "routed",
                     *             "rule": "primary",
                     *             "email": "margaux@lefevre.example",
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "passedOver": [
                     *               {
                     *                 "rule": "billing_email",
                     *                 "reason": "not_set"
                     *               },
                     *               {
                     *                 "rule": "billing_default",
                     *                 "reason": "not_set"
                     *               }
                     *             ]
                     *           }
                     *         },
                     *         "portalAccess": [
                     *           {
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "before": null,
                     *             "after": {
                     *               "maySignIn": true,
                     *               "email": "margaux@lefevre.example",
                     *               "generation": 1
                     *             }
                     *           }
                     *         ]
                     *       },
                     *       "events": [
                     *         {
                     *           "type": "BillingDefaultChanged",
                     *           "data": {
                     *             "from": null,
                     *             "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedContactBook"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /**
             * @description `forbidden`: The caller may not do this in this workspace
             *
             *     `portal_access_denied`: Portal access is left to owners and admins
             */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden" | "portal_access_denied";
                    };
                };
            };
            /** @description `contact_not_found`: The client has no such contact */
            404: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 404;
                        /** @enum {string} */
                        code?: "contact_not_found";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /**
             * @description `concurrent_changes`: Others kept changing this contact book: try again
             *
             *     `idempotency_key_reused`: This Idempotency-Key came with another request before
             */
            409: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 409;
                        /** @enum {string} */
                        code?: "concurrent_changes" | "idempotency_key_reused";
                    };
                };
            };
            /** @description `revision_mismatch`: The contact book has another revision than the request insists on */
            412: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 412;
                        /** @enum {string} */
                        code?: "revision_mismatch";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `outcome_unknown`: It may have been stored: try again with the same Idempotency-Key, or read the book first
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "outcome_unknown" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    setBillingDefault: {
        parameters: {
            query?: {
                /** @description Answer what the write would lead to, with its events, and store nothing. The ETag is that of the contact book it was tried on. */
                dryRun?: boolean;
            };
            header?: {
                /** @description Makes a retry the same command: it gets the first answer again. It belongs to caller and client, who remembers the last 500 commands. A POST needs one, unless it is a dry run. */
                "Idempotency-Key"?: string;
                /** @description The entity tag of the contact book that the caller has seen, or several of which it must have one; `*` for any. 412 when it has another. */
                "If-Match"?: string;
                /** @description `*` insists that nobody has written to this contact book yet; not together with If-Match. */
                "If-None-Match"?: "*";
                /** @description Why: it stands in the history. Up to 500 characters, as percent-encoded UTF-8. */
                "X-Reason"?: string;
                /** @description The trace that it belongs to (W3C Trace Context); one of another form is passed over. */
                traceparent?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "contactId": null
                 *     }
                 */
                "application/json": components["schemas"]["FlagHolderRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    /** @description There when this command was carried out before, and this is its first answer again */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "effects": {
                     *         "billingRoute": {
                     *           "before": {
                     *             "status": "unroutable",
                     *             "rule": "none",
                     *             "email": null,
                     *             "contactId": null,
                     *             "passedOver": []
                     *           },
                     *           "after": {
                     *             "status": "routed",
                     *             "rule": "primary",
                     *             "email": "margaux@lefevre.example",
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "passedOver": [
                     *               {
                     *                 "rule": "billing_email",
                     *                 "reason": "not_set"
                     *               },
                     *               {
                     *                 "rule": "billing_default",
                     *                 "reason": "not_set"
                     *               }
                     *             ]
                     *           }
                     *         },
                     *         "portalAccess": [
                     *           {
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "before": null,
                     *             "after": {
                     *               "maySignIn": true,
                     *               "email": "margaux@lefevre.example",
                     *               "generation": 1
                     *             }
                     *           }
                     *         ]
                     *       },
                     *       "events": [
                     *         {
                     *           "type": "BillingDefaultChanged",
                     *           "data": {
                     *             "from": null,
                     *             "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedContactBook"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /**
             * @description `forbidden`: The caller may not do this in this workspace
             *
             *     `portal_access_denied`: Portal access is left to owners and admins
             */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden" | "portal_access_denied";
                    };
                };
            };
            /** @description `contact_not_found`: The client has no such contact */
            404: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 404;
                        /** @enum {string} */
                        code?: "contact_not_found";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /**
             * @description `concurrent_changes`: Others kept changing this contact book: try again
             *
             *     `idempotency_key_reused`: This Idempotency-Key came with another request before
             */
            409: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 409;
                        /** @enum {string} */
                        code?: "concurrent_changes" | "idempotency_key_reused";
                    };
                };
            };
            /** @description `revision_mismatch`: The contact book has another revision than the request insists on */
            412: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 412;
                        /** @enum {string} */
                        code?: "revision_mismatch";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `outcome_unknown`: It may have been stored: try again with the same Idempotency-Key, or read the book first
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "outcome_unknown" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    setBillingEmail: {
        parameters: {
            query?: {
                /** @description Answer what the write would lead to, with its events, and store nothing. The ETag is that of the contact book it was tried on. */
                dryRun?: boolean;
            };
            header?: {
                /** @description Makes a retry the same command: it gets the first answer again. It belongs to caller and client, who remembers the last 500 commands. A POST needs one, unless it is a dry run. */
                "Idempotency-Key"?: string;
                /** @description The entity tag of the contact book that the caller has seen, or several of which it must have one; `*` for any. 412 when it has another. */
                "If-Match"?: string;
                /** @description `*` insists that nobody has written to this contact book yet; not together with If-Match. */
                "If-None-Match"?: "*";
                /** @description Why: it stands in the history. Up to 500 characters, as percent-encoded UTF-8. */
                "X-Reason"?: string;
                /** @description The trace that it belongs to (W3C Trace Context); one of another form is passed over. */
                traceparent?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "invoices@lefevre.example"
                 *     }
                 */
                "application/json": components["schemas"]["BillingEmailRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    /** @description There when this command was carried out before, and this is its first answer again */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "effects": {
                     *         "billingRoute": {
                     *           "before": {
                     *             "status": "unroutable",
                     *             "rule": "none",
                     *             "email": null,
                     *             "contactId": null,
                     *             "passedOver": []
                     *           },
                     *           "after": {
                     *             "status": "routed",
                     *             "rule": "primary",
                     *             "email": "margaux@lefevre.example",
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "passedOver": [
                     *               {
                     *                 "rule": "billing_email",
                     *                 "reason": "not_set"
                     *               },
                     *               {
                     *                 "rule": "billing_default",
                     *                 "reason": "not_set"
                     *               }
                     *             ]
                     *           }
                     *         },
                     *         "portalAccess": [
                     *           {
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "before": null,
                     *             "after": {
                     *               "maySignIn": true,
                     *               "email": "margaux@lefevre.example",
                     *               "generation": 1
                     *             }
                     *           }
                     *         ]
                     *       },
                     *       "events": [
                     *         {
                     *           "type": "BillingDefaultChanged",
                     *           "data": {
                     *             "from": null,
                     *             "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedContactBook"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /**
             * @description `forbidden`: The caller may not do this in this workspace
             *
             *     `portal_access_denied`: Portal access is left to owners and admins
             */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden" | "portal_access_denied";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /**
             * @description `concurrent_changes`: Others kept changing this contact book: try again
             *
             *     `idempotency_key_reused`: This Idempotency-Key came with another request before
             */
            409: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 409;
                        /** @enum {string} */
                        code?: "concurrent_changes" | "idempotency_key_reused";
                    };
                };
            };
            /** @description `revision_mismatch`: The contact book has another revision than the request insists on */
            412: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 412;
                        /** @enum {string} */
                        code?: "revision_mismatch";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `outcome_unknown`: It may have been stored: try again with the same Idempotency-Key, or read the book first
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "outcome_unknown" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    togglePortalAccess: {
        parameters: {
            query?: {
                /** @description Answer what the write would lead to, with its events, and store nothing. The ETag is that of the contact book it was tried on. */
                dryRun?: boolean;
            };
            header?: {
                /** @description Makes a retry the same command: it gets the first answer again. It belongs to caller and client, who remembers the last 500 commands. A POST needs one, unless it is a dry run. */
                "Idempotency-Key"?: string;
                /** @description The entity tag of the contact book that the caller has seen, or several of which it must have one; `*` for any. 412 when it has another. */
                "If-Match"?: string;
                /** @description `*` insists that nobody has written to this contact book yet; not together with If-Match. */
                "If-None-Match"?: "*";
                /** @description Why: it stands in the history. Up to 500 characters, as percent-encoded UTF-8. */
                "X-Reason"?: string;
                /** @description The trace that it belongs to (W3C Trace Context); one of another form is passed over. */
                traceparent?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
                /** @description A person at this client */
                contactId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": components["schemas"]["PortalAccessRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    /** @description There when this command was carried out before, and this is its first answer again */
                    "Idempotent-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true
                     *         }
                     *       ],
                     *       "billingEmail": null,
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "effects": {
                     *         "billingRoute": {
                     *           "before": {
                     *             "status": "unroutable",
                     *             "rule": "none",
                     *             "email": null,
                     *             "contactId": null,
                     *             "passedOver": []
                     *           },
                     *           "after": {
                     *             "status": "routed",
                     *             "rule": "primary",
                     *             "email": "margaux@lefevre.example",
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "passedOver": [
                     *               {
                     *                 "rule": "billing_email",
                     *                 "reason": "not_set"
                     *               },
                     *               {
                     *                 "rule": "billing_default",
                     *                 "reason": "not_set"
                     *               }
                     *             ]
                     *           }
                     *         },
                     *         "portalAccess": [
                     *           {
                     *             "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *             "before": null,
                     *             "after": {
                     *               "maySignIn": true,
                     *               "email": "margaux@lefevre.example",
                     *               "generation": 1
                     *             }
                     *           }
                     *         ]
                     *       },
                     *       "events": [
                     *         {
                     *           "type": "BillingDefaultChanged",
                     *           "data": {
                     *             "from": null,
                     *             "to": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedContactBook"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /**
             * @description `forbidden`: The caller may not do this in this workspace
             *
             *     `portal_access_denied`: Portal access is left to owners and admins
             */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden" | "portal_access_denied";
                    };
                };
            };
            /** @description `contact_not_found`: The client has no such contact */
            404: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 404;
                        /** @enum {string} */
                        code?: "contact_not_found";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /**
             * @description `concurrent_changes`: Others kept changing this contact book: try again
             *
             *     `idempotency_key_reused`: This Idempotency-Key came with another request before
             */
            409: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 409;
                        /** @enum {string} */
                        code?: "concurrent_changes" | "idempotency_key_reused";
                    };
                };
            };
            /** @description `revision_mismatch`: The contact book has another revision than the request insists on */
            412: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 412;
                        /** @enum {string} */
                        code?: "revision_mismatch";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `outcome_unknown`: It may have been stored: try again with the same Idempotency-Key, or read the book first
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "outcome_unknown" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    billingRoute: {
        parameters: {
            query?: {
                /** @description At this revision or later: waits a second at most for the read model, then reads the log. 404 where the book never came to it. */
                minRevision?: number;
                /** @description As of this revision; one inside an append stands for the whole append before. Who was erased since is shown as erased. */
                revision?: number;
                /** @description As of this moment by the event store’s clock: RFC 3339 with an offset, whose `+` is `%2B` in a URL. What is finer than a millisecond is cut off. */
                at?: string;
            };
            header?: {
                /** @description Entity tags that the caller has; 304 where the current one is among them. Only for the current state. */
                "If-None-Match"?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "routed",
                     *       "rule": "primary",
                     *       "email": "margaux@lefevre.example",
                     *       "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *       "passedOver": [
                     *         {
                     *           "rule": "billing_email",
                     *           "reason": "not_set"
                     *         },
                     *         {
                     *           "rule": "billing_default",
                     *           "reason": "not_set"
                     *         }
                     *       ],
                     *       "clientId": "brasserie-lefevre",
                     *       "revision": 7,
                     *       "since": {
                     *         "revision": 4,
                     *         "at": "2026-11-03T09:14:27.310Z"
                     *       },
                     *       "warnings": [
                     *         {
                     *           "code": "no_billing_default"
                     *         }
                     *       ],
                     *       "source": "read_model"
                     *     }
                     */
                    "application/json": components["schemas"]["BillingRoute"];
                };
            };
            /** @description The caller has it already */
            304: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: The caller may not do this in this workspace */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `revision_not_reached`: The contact book has not come to this revision */
            404: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 404;
                        /** @enum {string} */
                        code?: "revision_not_reached";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    history: {
        parameters: {
            query?: {
                /** @description At this revision or later: waits a second at most for the read model, then reads the log. 404 where the book never came to it. */
                minRevision?: number;
                /** @description As of this revision; one inside an append stands for the whole append before. Who was erased since is shown as erased. */
                revision?: number;
                /** @description As of this moment by the event store’s clock: RFC 3339 with an offset, whose `+` is `%2B` in a URL. What is finer than a millisecond is cut off. */
                at?: string;
                /** @description How many at most */
                limit?: number;
                /** @description The `nextCursor` of the page before */
                cursor?: string;
            };
            header?: {
                /** @description Entity tags that the caller has; 304 where the current one is among them. Only for the current state. */
                "If-None-Match"?: string;
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
                /** @description Who is billed; the id is another service’s */
                clientId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 7,
                     *       "entries": [
                     *         {
                     *           "firstRevision": 6,
                     *           "revision": 7,
                     *           "at": "2026-11-03T09:14:27.310Z",
                     *           "actor": {
                     *             "kind": "user",
                     *             "id": "user-31",
                     *             "role": "admin"
                     *           },
                     *           "reason": "She took over from Paul",
                     *           "commandId": "3e5b0c1e-8f43-8b0a-9d3c-6f0f2c7f1a55",
                     *           "correlationId": "import-2026-11-24.7",
                     *           "changes": {
                     *             "contacts": [
                     *               {
                     *                 "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *                 "change": "changed",
                     *                 "fields": {
                     *                   "email": {
                     *                     "before": "margaux@lefevre.example",
                     *                     "after": "m.lefevre@lefevre.example"
                     *                   },
                     *                   "name": {
                     *                     "before": null,
                     *                     "after": "Margaux Lefèvre"
                     *                   },
                     *                   "title": {
                     *                     "before": "Buyer",
                     *                     "after": "Head of finance"
                     *                   },
                     *                   "phone": {
                     *                     "before": null,
                     *                     "after": "+33 1 23 45 67 89"
                     *                   },
                     *                   "portalEnabled": {
                     *                     "before": true,
                     *                     "after": false
                     *                   }
                     *                 }
                     *               }
                     *             ],
                     *             "primary": {
                     *               "before": null,
                     *               "after": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *             },
                     *             "billingDefault": {
                     *               "before": null,
                     *               "after": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e"
                     *             },
                     *             "billingEmail": {
                     *               "before": null,
                     *               "after": "invoices@lefevre.example"
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["HistoryPage"];
                };
            };
            /** @description The caller has it already */
            304: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description The revision of the contact book */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: The caller may not do this in this workspace */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `revision_not_reached`: The contact book has not come to this revision */
            404: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 404;
                        /** @enum {string} */
                        code?: "revision_not_reached";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /**
             * @description `validation_failed`: Fields of the body, or parameters of the query, are not valid
             *
             *     `invalid_cursor`: The cursor is not one that this list gave
             */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed" | "invalid_cursor";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    clients: {
        parameters: {
            query?: {
                /** @description How many at most */
                limit?: number;
                /** @description The `nextCursor` of the page before */
                cursor?: string;
            };
            header?: {
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "clients": [
                     *         {
                     *           "clientId": "brasserie-lefevre",
                     *           "revision": 7,
                     *           "changedAt": "2026-11-03T09:14:27.310Z",
                     *           "contacts": 3,
                     *           "portalEnabled": 2,
                     *           "primary": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "billingDefault": null,
                     *           "hasBillingEmail": false,
                     *           "billingRoute": {
                     *             "status": "routed",
                     *             "rule": "primary"
                     *           },
                     *           "warnings": [
                     *             {
                     *               "code": "no_billing_default"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "heldBack": []
                     *     }
                     */
                    "application/json": components["schemas"]["ClientsPage"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: The caller may not do this in this workspace */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /** @description `cursor_outdated`: The list was built anew since this page: begin again without a cursor */
            410: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 410;
                        /** @enum {string} */
                        code?: "cursor_outdated";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /**
             * @description `validation_failed`: Fields of the body, or parameters of the query, are not valid
             *
             *     `invalid_cursor`: The cursor is not one that this list gave
             */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed" | "invalid_cursor";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    searchContacts: {
        parameters: {
            query?: never;
            header?: {
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "limit": 50,
                 *       "email": "margaux@lefevre",
                 *       "name": "marg lef",
                 *       "title": "finance",
                 *       "primary": true
                 *     }
                 */
                "application/json": components["schemas"]["ContactSearchRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "contacts": [
                     *         {
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "email": "margaux@lefevre.example",
                     *           "name": "Margaux Lefèvre",
                     *           "title": "Head of finance",
                     *           "phone": "+33 1 23 45 67 89",
                     *           "primary": true,
                     *           "billingDefault": false,
                     *           "portalEnabled": true,
                     *           "clientId": "brasserie-lefevre",
                     *           "revision": 7
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "heldBack": []
                     *     }
                     */
                    "application/json": components["schemas"]["ContactsPage"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: The caller may not do this in this workspace */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /** @description `cursor_outdated`: The list was built anew since this page: begin again without a cursor */
            410: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 410;
                        /** @enum {string} */
                        code?: "cursor_outdated";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /**
             * @description `validation_failed`: Fields of the body, or parameters of the query, are not valid
             *
             *     `invalid_cursor`: The cursor is not one that this list gave
             */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed" | "invalid_cursor";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    billingRoutes: {
        parameters: {
            query?: {
                /** @description How many at most */
                limit?: number;
                /** @description The `nextCursor` of the page before */
                cursor?: string;
                /** @description `unroutable`: those whose invoices reach nobody */
                status?: "routed" | "unroutable";
                /** @description Only those with this warning */
                warning?: "no_primary" | "no_billing_default" | "unroutable" | "billing_email_cannot_sign_in";
            };
            header?: {
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "routes": [
                     *         {
                     *           "status": "routed",
                     *           "rule": "primary",
                     *           "email": "margaux@lefevre.example",
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "passedOver": [
                     *             {
                     *               "rule": "billing_email",
                     *               "reason": "not_set"
                     *             },
                     *             {
                     *               "rule": "billing_default",
                     *               "reason": "not_set"
                     *             }
                     *           ],
                     *           "clientId": "brasserie-lefevre",
                     *           "revision": 7,
                     *           "since": {
                     *             "revision": 4,
                     *             "at": "2026-11-03T09:14:27.310Z"
                     *           },
                     *           "warnings": [
                     *             {
                     *               "code": "no_billing_default"
                     *             }
                     *           ],
                     *           "source": "read_model"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "heldBack": []
                     *     }
                     */
                    "application/json": components["schemas"]["BillingRoutesPage"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: The caller may not do this in this workspace */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /** @description `cursor_outdated`: The list was built anew since this page: begin again without a cursor */
            410: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 410;
                        /** @enum {string} */
                        code?: "cursor_outdated";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /**
             * @description `validation_failed`: Fields of the body, or parameters of the query, are not valid
             *
             *     `invalid_cursor`: The cursor is not one that this list gave
             */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed" | "invalid_cursor";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    billingRoutesOf: {
        parameters: {
            query?: never;
            header?: {
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "clientIds": [
                 *         "brasserie-lefevre",
                 *         "saimaa"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BillingRoutesRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "routes": [
                     *         {
                     *           "status": "routed",
                     *           "rule": "primary",
                     *           "email": "margaux@lefevre.example",
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "passedOver": [
                     *             {
                     *               "rule": "billing_email",
                     *               "reason": "not_set"
                     *             },
                     *             {
                     *               "rule": "billing_default",
                     *               "reason": "not_set"
                     *             }
                     *           ],
                     *           "clientId": "brasserie-lefevre",
                     *           "revision": 7,
                     *           "since": {
                     *             "revision": 4,
                     *             "at": "2026-11-03T09:14:27.310Z"
                     *           },
                     *           "warnings": [
                     *             {
                     *               "code": "no_billing_default"
                     *             }
                     *           ],
                     *           "source": "read_model"
                     *         }
                     *       ],
                     *       "heldBack": []
                     *     }
                     */
                    "application/json": components["schemas"]["BillingRoutes"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: The caller may not do this in this workspace */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
    lookUpPortalAccess: {
        parameters: {
            query?: never;
            header?: {
                /** @description Ties together what belongs to one request, in the log too. Letters, digits, dots, hyphens and underscores, up to 64; one of another form is replaced by a new one. */
                "X-Correlation-Id"?: string;
            };
            path: {
                /** @description The organisation that sends invoices */
                workspaceId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "margaux@lefevre.example"
                 *     }
                 */
                "application/json": components["schemas"]["PortalLookUpRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "matches": [
                     *         {
                     *           "clientId": "brasserie-lefevre",
                     *           "contactId": "f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e",
                     *           "maySignIn": true,
                     *           "generation": 1
                     *         }
                     *       ],
                     *       "complete": true
                     *     }
                     */
                    "application/json": components["schemas"]["PortalMatches"];
                };
            };
            /**
             * @description `malformed_request`: The request could not be read
             *
             *     `invalid_id`: An id must be 1 to 64 letters, digits, hyphens or underscores
             */
            400: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 400;
                        /** @enum {string} */
                        code?: "malformed_request" | "invalid_id";
                    };
                };
            };
            /** @description `unauthenticated`: A valid bearer token is required */
            401: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    "WWW-Authenticate": "Bearer";
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 401;
                        /** @enum {string} */
                        code?: "unauthenticated";
                    };
                };
            };
            /** @description `forbidden`: The caller may not do this in this workspace */
            403: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 403;
                        /** @enum {string} */
                        code?: "forbidden";
                    };
                };
            };
            /** @description `request_timeout`: The request did not come in time */
            408: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 408;
                        /** @enum {string} */
                        code?: "request_timeout";
                    };
                };
            };
            /** @description `payload_too_large`: The body is too large */
            413: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 413;
                        /** @enum {string} */
                        code?: "payload_too_large";
                    };
                };
            };
            /** @description `uri_too_long`: The address is too long */
            414: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 414;
                        /** @enum {string} */
                        code?: "uri_too_long";
                    };
                };
            };
            /** @description `unsupported_media_type`: The body must be application/json in UTF-8, not compressed */
            415: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 415;
                        /** @enum {string} */
                        code?: "unsupported_media_type";
                    };
                };
            };
            /** @description `validation_failed`: Fields of the body, or parameters of the query, are not valid */
            422: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 422;
                        /** @enum {string} */
                        code?: "validation_failed";
                    };
                };
            };
            /** @description `rate_limited`: The caller sends too many requests: slow down */
            429: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 429;
                        /** @enum {string} */
                        code?: "rate_limited";
                    };
                };
            };
            /** @description `headers_too_large`: The headers are too large, or too many */
            431: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 431;
                        /** @enum {string} */
                        code?: "headers_too_large";
                    };
                };
            };
            /**
             * @description `internal_error`: Something went wrong on our side
             *
             *     `personal_data_unreadable`: Personal data of the client can not be decrypted
             */
            500: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 500;
                        /** @enum {string} */
                        code?: "internal_error" | "personal_data_unreadable";
                    };
                };
            };
            /**
             * @description `dependency_unavailable`: A server that this needs is not available: try again
             *
             *     `too_busy`: Too much is under way here, this was not begun: try again
             *
             *     `unknown_event`: The contact book holds events of a newer build
             */
            503: {
                headers: {
                    /** @description The id of this request */
                    "X-Correlation-Id"?: string;
                    /** @description How many seconds to wait before the next try */
                    "Retry-After": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {integer} */
                        status?: 503;
                        /** @enum {string} */
                        code?: "dependency_unavailable" | "too_busy" | "unknown_event";
                    };
                };
            };
        };
    };
}
