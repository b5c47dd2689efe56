// Paths of namespaces and assets.

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
export const lastPartOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** With a leading and without a trailing slash; `/` itself stays. Clients leave the first out or quote the path. */
export function normalPath(text: string): string {
  const bare = text.replace(/^\s*(['"])(.*)\1\s*$/s, '$2');
  const parts = bare.split('/').filter((part) => part !== '');
  return `/${parts.join('/')}`;
}
