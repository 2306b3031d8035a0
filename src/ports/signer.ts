/** Signatures with a key of this installation: of what it gives away and wants to know again. */
export interface Signer {
  /** The signature of a text, fit for a URL; the same in every program of this installation. */
  sign(text: string): string;
  /** Whether it is the one of this text, in the same time for any that is not. */
  isSignatureOf(text: string, signature: string): boolean;
}
