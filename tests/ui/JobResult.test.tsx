import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { shapeOf } from '~/domain/jobs/result-shape'
import { resultExcerpt, shown } from '~/ui/excerpt'
import { JobResult } from '~/ui/JobResult'
import { show } from './render'

const showResult = (result: unknown) => {
  const json = JSON.stringify(result)
  const shape = shapeOf(json)
  if (shape.kind === 'markdown') throw new Error('rendered on the server')
  const shownResult = { excerpt: resultExcerpt(json, '/api/jobs/j/result'), shape }
  return show(() => <JobResult result={shownResult} />).container
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

it('shows an image with its words, and only raster ones', () => {
  const dot = 'data:image/png;base64,iVBORw0KGgo='
  showResult({ image: dot, alt: 'A dot' })
  expect(screen.getByRole('img', { name: 'A dot' }).getAttribute('src')).toBe(dot)
  const { querySelector } = showResult('data:image/svg+xml;base64,PHN2Zz4=')
  expect(querySelector.call(document.body, 'img[src^="data:image/svg"]')).toBeNull()
})
