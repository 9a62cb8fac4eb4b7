import { readFileSync } from 'node:fs'

/** Public lists of bad input: tests/fixtures/README.md says whose they are. */

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))

export const naughtyStrings = read('naughty-strings') as string[]

/** Bodies by the names of their files; some are not UTF-8. */
export const jsonBodies: [name: string, body: Buffer][] = Object.entries(
  read('json-test-suite') as Record<string, string>,
).map(([name, base64]) => [name, Buffer.from(base64, 'base64')])
