import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { shownResult } from '~/routes/jobs/shown-result.server'
import { shown } from '~/ui/excerpt'
import { JobResult } from '~/ui/JobResult'
import { show } from './render'

const showResult = (result: unknown) => {
  const json = JSON.stringify(result)
  const shown = shownResult('j', { json, tail: null, bytes: Buffer.byteLength(json) })
  return show(() => <JobResult result={shown} />).container
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

it.each([
  ['text', 'x'.repeat(4_800_000)],
  ['lines', Array(20_000).fill(1)],
  ['depth', Array(20).fill(nested(2000))],
])('a page shows the beginning of huge %s, and where the whole is', (_, result) => {
  const container = showResult(result)
  expect(container.innerHTML.length).toBeLessThan(shown.result + 4000)
  expect(screen.getByText('Open the whole as JSON').getAttribute('href')).toBe('/api/jobs/j/result')
})

it('says nothing of it where all is shown', () => {
  const container = showResult({ summary: 'Two rows.', rows: [1, 2] })
  expect(screen.getByText('Two rows.')).toBeTruthy()
  expect(container.querySelector('pre')?.textContent).toContain('"rows": [\n    1,')
  expect(screen.queryByText('Open the whole as JSON')).toBeNull()
})

it('shows the lines of Markdown and of its source as lines', () => {
  const container = showResult('## Status\n\nCurrent: done\nNext: review')
  expect(container.querySelector('.markdown')?.innerHTML).toContain('Current: done<br>\nNext: review')
  expect(container.querySelector('pre')?.innerHTML).toBe('## Status<br><br>Current: done<br>Next: review')
  const many = showResult(`## Status\n${'a\n'.repeat(6000)}`)
  expect(many.querySelector('pre')?.textContent).toBe(`## Status\n${'a\n'.repeat(6000)}`)
})

it('shows rows as a table, numbers as they are written, and what is beside them', () => {
  const container = showResult({
    file: 'sales.csv',
    rows: [
      { city: 'Turku', sold: 12 },
      { city: 'Oulu', sold: 7 },
    ],
  })
  expect(screen.getByRole('columnheader', { name: 'sold' })).toBeTruthy()
  expect(screen.getAllByRole('cell').map(({ textContent }) => textContent)).toEqual([
    'Turku',
    '12',
    'Oulu',
    '7',
  ])
  expect(screen.getByText('sales.csv')).toBeTruthy()
  expect(container.querySelector('details summary')?.textContent).toContain('Source')
})

it('shows an image by its address, with its words, and only raster ones', () => {
  const dot = 'data:image/png;base64,iVBORw0KGgo='
  const { innerHTML } = showResult({ image: dot, alt: 'A dot' })
  expect(screen.getByRole('img', { name: 'A dot' }).getAttribute('src')).toMatch(
    /^\/api\/jobs\/j\/result\/image\?v=[0-9a-f]{16}$/,
  )
  expect(innerHTML.match(/iVBORw0KGgo=/g)).toHaveLength(1)
  expect(showResult('data:image/svg+xml;base64,PHN2Zz4=').querySelectorAll('img')).toHaveLength(0)
})

it('carries no more of a huge image than the beginning of its source', () => {
  const container = showResult(`data:image/png;base64,${'A'.repeat(4_000_000)}`)
  expect(screen.getByRole('img').getAttribute('alt')).toBe('The result, an image')
  expect(container.innerHTML.length).toBeLessThan(4000)
})

it.each([
  ['text', 'Plain words.'],
  ['JSON', [1, 2]],
  ['a table', [{ a: 1 }]],
])('%s has its source a click away', (_, result) => {
  showResult(result)
  expect(screen.getByRole('link', { name: 'Download as JSON' }).getAttribute('href')).toBe(
    '/api/jobs/j/result?download=1',
  )
})
