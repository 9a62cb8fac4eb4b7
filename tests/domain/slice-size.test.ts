import { expect, test } from 'vitest'
import type { Desk } from '~/domain/desk'
import { sizeAfter } from '~/domain/slice-size'

const desks = {
  file: { db: { path: '/data/docket.db' } } as Desk,
  server: { db: { path: null } } as Desk,
}

test.each([
  ['file', 20, 5, 40],
  ['file', 20, 1, 40],
  ['file', 20, 80, 3],
  ['file', 1, 500, 1],
  ['server', 20, 80, 25],
  ['server', 20, 500, 20],
  ['server', 200, 1000, 20],
  ['server', 150, 10, 200],
] as const)('on a %s, %i jobs in %i ms are followed by %i', (on, size, took, next) => {
  expect(sizeAfter(desks[on], size, took)).toBe(next)
})
