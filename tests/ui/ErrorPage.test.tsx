import { createRemixStub } from '@remix-run/testing'
import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { RouteError } from '~/ui/RouteError'

async function showRefusal(body: unknown, status: number) {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const refusal = () => {
    throw new Response(text, { status, headers: { 'Content-Type': type } })
  }
  const Stub = createRemixStub([
    { path: '/', loader: refusal, Component: () => null, ErrorBoundary: RouteError },
  ])
  render(<Stub />)
  await screen.findByRole('heading')
  return document.body.textContent ?? ''
}

it('says what our own answer says', async () => {
  const text = await showRefusal({ message: 'This job does not exist.', reference: 'ab12' }, 404)
  expect(text).toContain('This job does not exist.')
  expect(text).toContain('ab12')
})

it.each([404, 405, 418, 500])('has a sentence of its own for a %i of somebody else', async (status) => {
  const text = await showRefusal(
    'Error: You made a POST request to "/jobs" but did not provide an action.',
    status,
  )
  expect(text).toContain(String(status))
  expect(text).not.toContain('You made a')
  expect(text).toMatch(/\.(Try again)?Go to your jobs/)
})
