/** The address of a receiver, as somebody wrote it down. */

const URL_CHARACTERS_MAX = 2_048;

/** The URL, or the sentence that says what is wrong with it, never with anything of it inside. */
export function targetOf(text: string, name: string): URL | string {
  const url = text.length <= URL_CHARACTERS_MAX ? URL.parse(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return `${name} must be an https:// or http:// address of at most ${URL_CHARACTERS_MAX} characters.`;
  }
  if (`${url.username}${url.password}` !== '') {
    return `${name} must hold neither user nor password: they would be shown.`;
  }
  return url.hash === '' ? url : `${name} must hold no fragment (#…): it is never sent.`;
}

/** What is wrong with it; null when it can be used. */
export function targetProblem(text: string, name: string): string | null {
  const target = targetOf(text, name);
  return typeof target === 'string' ? target : null;
}

/** Its host for people, with the end of its path, which is what tells two of them apart. Nothing of a short one. */
export function targetHint(text: string): string {
  const url = URL.parse(text);
  if (url === null) return '';
  const secret = `${url.pathname}${url.search}`;
  return secret.length >= 24 ? `${url.host} …${secret.slice(-4)}` : url.host;
}

/** The address of a path below this one; what is no address stays as it is. */
export function below(base: string, path: string): string {
  const url = URL.parse(base);
  if (url === null) return base;
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url.href;
}
