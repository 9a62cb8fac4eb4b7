import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import JsonTree from '~/ui/JsonTree'
import { findIn, pathText } from '~/ui/json-search'
import { show } from './render'

Element.prototype.scrollIntoView = vi.fn()

const tree = (value: unknown) =>
  show(() => <JsonTree json={typeof value === 'string' ? value : JSON.stringify(value)} />)

describe('a tree', () => {
  it('keeps numbers as they are written, and marks what is redacted or cut', () => {
    tree(
      '{"id":12345678901234567890123,"rate":1.10,"key":"[redacted]","p":{"truncated":true,"characters":9,"head":"x"}}',
    )
    expect(screen.getByText('12345678901234567890123')).toBeTruthy()
    expect(screen.getByText('1.10')).toBeTruthy()
    expect(screen.getByText('redacted')).toBeTruthy()
    expect(screen.getByText('cut')).toBeTruthy()
  })

  it('opens and closes, and shows a long list a hundred at a time', async () => {
    tree({ list: Array.from({ length: 250 }, (_, n) => n) })
    const list = screen.getByRole('button', { name: /list/ })
    expect(list.getAttribute('aria-expanded')).toBe('false')
    await userEvent.click(list)
    expect(list.getAttribute('aria-expanded')).toBe('true')
    const item = list.closest('li') as HTMLElement
    expect(within(item).queryByText('99', { selector: '.text-in-review' })).toBeTruthy()
    expect(within(item).queryByText('100', { selector: '.text-in-review' })).toBeNull()
    await userEvent.click(within(item).getByRole('button', { name: 'Show 100 more of 150' }))
    expect(within(item).queryByText('199', { selector: '.text-in-review' })).toBeTruthy()
  })

  it('finds names and values, opens what hides them, and goes round', async () => {
    tree({ deep: { er: { still: { needle: 1 } } }, other: Array.from({ length: 150 }, () => 'Needle') })
    const box = screen.getByRole('searchbox')
    await userEvent.type(box, 'needle')
    expect(await screen.findByText('1 of 151')).toBeTruthy()
    expect(screen.getByText('"needle"')).toBeTruthy()
    await userEvent.type(box, '{Shift>}{Enter}{/Shift}')
    expect(screen.getByText('151 of 151')).toBeTruthy()
    await userEvent.clear(box)
    await userEvent.type(box, 'nowhere')
    expect(await screen.findByText('Not found')).toBeTruthy()
  })

  it('says so where it is no JSON', () => {
    tree('{"a":')
    expect(screen.getByText(/This is not JSON/)).toBeTruthy()
  })
})

it('a search goes as deep as there is, and stops at a thousand', () => {
  let deep: unknown = 'bottom'
  for (let n = 0; n < 50_000; n++) deep = [deep]
  expect(findIn(deep, 'bottom').places).toHaveLength(1)
  expect(findIn(Array(5000).fill('x'), 'X')).toMatchObject({ isCut: true })
  expect(pathText(['items', 3, 'a name', '$x'])).toBe('items[3]["a name"].$x')
})
