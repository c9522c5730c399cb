import { addContact, removeContact, setBillingEmail, setPortalAccess, setPrimary } from './contacts-api.js';
import type { SampleContact } from './sample-clients.js';
import type { Stage } from './stage.js';

/** What the story's clients have when it begins; ids get the run's suffix. */
const cast = {
  lindner: [
    { name: 'Greta Lindner', email: 'greta@lindner.example', primary: true },
    { name: 'Jonas Weiß', email: 'jonas@lindner.example' },
  ],
  saimaa: [
    { name: 'Aino Virtanen', email: 'aino@saimaa.example', primary: true },
    { name: 'Pekka Laine', email: 'pekka@saimaa.example', billingDefault: true },
  ],
  ribera: [
    { name: 'Lucía Ribera', email: 'lucia@ribera.example', primary: true, billingDefault: true },
    { name: 'Mateo Cruz', email: 'mateo@ribera.example' },
  ],
  chai: [{ name: 'प्रिया नायर', email: 'priya@chai.example', primary: true }],
} satisfies Record<string, SampleContact[]>;

/** Six scenes on four clients. Raises DemoFailure when one does not play as it should. */
export async function tellStory(stage: Stage): Promise<void> {
  stage.heading('Four clients of this run');
  const contactIds = new Map<string, string>();
  for (const [name, contacts] of Object.entries<SampleContact[]>(cast)) {
    const clientId = stage.clientId(name);
    for (const contact of contacts) {
      const { contactId, revision } = await stage.prepare(addContact(clientId, contact));
      contactIds.set(contact.email, contactId!);
      await stage.heard(clientId, revision);
    }
  }
  const [lindner, saimaa, ribera, chai] = ['lindner', 'saimaa', 'ribera', 'chai'].map((name) =>
    stage.clientId(name),
  ) as [string, string, string, string];
  const idOf = (email: string) => contactIds.get(email)!;

  stage.heading('1  A new primary takes over from the old one: one fact, never two primaries');
  await stage.play(setPrimary(lindner, idOf('jonas@lindner.example')));

  stage.heading('2  The billing default leaves without a successor: invoices fall to the primary');
  await stage.play(removeContact(saimaa, idOf('pekka@saimaa.example')));

  stage.heading("3  A billing email that is nobody's: it is routed, but it can't sign in");
  await stage.play(setBillingEmail(saimaa, 'invoices@saimaa.example'));

  stage.heading('4  Portal access is withdrawn: the portal hears of it, and which old links are dead');
  const session = await stage.signIn('mateo@ribera.example');
  await stage.play(setPortalAccess(ribera, idOf('mateo@ribera.example'), false));
  await stage.showThatItIsOver(session, 'mateo@ribera.example');

  stage.heading('5  The same email again, typed otherwise: refused, nothing is written');
  await stage.play(addContact(ribera, { name: 'L. Ribera', email: ' LUCIA@Ribera.EXAMPLE ' }));

  stage.heading('6  The last contact leaves: nobody can be reached, and the answer says so at once');
  await stage.play(removeContact(chai, idOf('priya@chai.example')));
}
