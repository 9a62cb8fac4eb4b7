/** Where to go after sign-in: a path of ours, else null. Browsers read `//host`, `/\host` and `/<tab>/host` as hosts. */
export function nextPath(next: string | null | undefined): string | null {
  if (!next?.startsWith('/')) return null
  const here = 'http://docket.invalid'
  try {
    const { origin, pathname, search, hash } = new URL(next, here)
    return origin === here && !pathname.startsWith('//') ? pathname + search + hash : null
  } catch {
    return null
  }
}
