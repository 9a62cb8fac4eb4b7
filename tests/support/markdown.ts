import { readFileSync } from 'node:fs'

/** What the tests of the documents read out of them. */

/** The rows of the table whose header's first cell is `first`, without the header: cells as they are written. */
export function tableIn(file: string, first: string): string[][] {
  const lines = readFileSync(file, 'utf8').split('\n')
  const start = lines.findIndex((line) => line.startsWith('|') && cellsOf(line)[0] === first)
  if (start < 0) throw new Error(`${file} has no table that begins with ${first}`)
  const rest = lines.slice(start + 2)
  const end = rest.findIndex((line) => !line.startsWith('|'))
  return rest.slice(0, end < 0 ? rest.length : end).map(cellsOf)
}

const cellsOf = (line: string) =>
  line
    .replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split('|')
    .map((cell) => cell.trim())

/** The text without fenced code. */
export const proseOf = (file: string) => readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '')

/** Where its links and pictures lead, but for other sites. */
export function linksOf(file: string): string[] {
  const found = [...proseOf(file).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target)
  return found.filter((target) => !/^[a-z]+:/i.test(target))
}

/** The anchors of its headings, as GitHub makes them. */
export function anchorsOf(file: string): string[] {
  return [...proseOf(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  )
}

/** The commands of a document's tour: its blocks that are marked `<!-- tour -->`, in order. */
export function tourOf(file: string): string {
  const blocks = readFileSync(file, 'utf8').matchAll(/^<!-- tour -->\s+^```sh\n([\s\S]*?)^```/gm)
  return [...blocks].map(([, commands]) => commands).join('\n')
}
