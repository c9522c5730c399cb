/** What one record, event or document of a measurement holds: some 300 bytes. */
export const PAYLOAD = {
  contactId: 'c'.repeat(36),
  email: 'someone@client.example',
  filler: 'x'.repeat(200),
};
