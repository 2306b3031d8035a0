/** Addresses of e-mail: the plain form alone, so that nothing in one can become a header or a second address. */

const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/;
const ADDRESS_CHARACTERS_MAX = 254;

/** The addresses in a text that divides them by commas. */
export function addressesOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
}

/** What is wrong with an address; null when it can be used. */
export function addressProblem(address: string, name: string): string | null {
  return ADDRESS.test(address) && address.length <= ADDRESS_CHARACTERS_MAX
    ? null
    : `${name} must be an address such as oncall@acme.example, in plain ASCII and without a name.`;
}
