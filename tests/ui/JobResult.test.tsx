import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { resultExcerpt, shown } from '~/ui/excerpt'
import { JobResult } from '~/ui/JobResult'
import { show } from './render'

const showResult = (result: unknown) => {
  const part = resultExcerpt(JSON.stringify(result), '/api/jobs/j')
  return show(() => <JobResult result={part} />).container
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

it.each([
  ['text', 'x'.repeat(4_800_000)],
  ['lines', Array(20_000).fill(1)],
  ['depth', Array(20).fill(nested(2000))],
])('a page shows the beginning of huge %s, and where the whole is', (_, result) => {
  const container = showResult(result)
  expect(container.innerHTML.length).toBeLessThan(shown.result + 2000)
  expect(screen.getByText('Open the whole as JSON').getAttribute('href')).toBe('/api/jobs/j')
})

it('says nothing of it where all is shown', () => {
  const container = showResult({ summary: 'Two rows.', rows: [1, 2] })
  expect(screen.getByText('Two rows.')).toBeTruthy()
  expect(container.querySelector('pre')?.textContent).toContain('"rows": [\n    1,')
  expect(screen.queryByText('Open the whole as JSON')).toBeNull()
})
