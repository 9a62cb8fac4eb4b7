/** A generator of numbers from 0 to 1 that gives the same ones each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** The commonest words, from the top; the searches that are measured ask for some of them. */
const common =
  'report data summary check file list invoice customer update review page test order draft total quarterly table error note agent' +
  ' weekly price contract email release index query budget support image'
const syllables = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru pla'.split(
  ' ',
)
const vocabulary = 20_000
const words = [
  ...common.split(' '),
  ...Array.from({ length: vocabulary }, (_, n) => {
    const [a, b] = [syllables[n % 26], syllables[Math.floor(n / 26) % 26]]
    return `${a}${b}${syllables[Math.floor(n / 676) % 26]}${n >= 17_576 ? 'n' : ''}`
  }),
].slice(0, vocabulary)

export const bigOwner = 'owner1@example.com'
/** Stands in one job of 500. */
export const rareWord = 'zephyr'
/** Stands in one job of all. */
export const needle = 'xylograph'
export const tags = ['urgent', 'billing', ...Array.from({ length: 38 }, (_, n) => `team-${n + 1}`)]

/** One of a list, its place's chance being one over the place: Zipf's law, as words in texts have it. */
export const zipf = <T>(from: readonly T[], random: () => number): T =>
  from[Math.floor(from.length ** random()) - 1] as T

export const text = (count: number, random: () => number): string =>
  Array.from({ length: count }, () => zipf(words, random)).join(' ')
