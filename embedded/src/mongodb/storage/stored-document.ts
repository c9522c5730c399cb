/** A document as the collection holds it: its bytes, which are replaced and never changed. */
export interface StoredDocument {
  readonly sequence: number;
  bytes: Uint8Array;
}
