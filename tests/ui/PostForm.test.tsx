import { createRemixStub } from '@remix-run/testing'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { encode } from 'turbo-stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { PostForm, SubmitButton } from '~/ui/forms'
import { sendFormsBy, takeAnswer } from '~/ui/send-ahead'
import { steadfast } from '~/ui/steadfast-fetch'

function Writing() {
  return (
    <PostForm>
      <label>
        Text <textarea name="text" />
      </label>
      <input type="hidden" name="version" value="3" />
      <SubmitButton name="how" value="at once">
        Send
      </SubmitButton>
    </PostForm>
  )
}

/** A form whose answer comes over the line; `routed` is called where the router then goes on with it. */
function showWith(send: typeof window.fetch) {
  const routed = vi.fn(async () => null)
  sendFormsBy(send)
  const Stub = createRemixStub([{ path: '/form', Component: Writing, action: routed }])
  render(<Stub initialEntries={['/form']} />)
  return routed
}

async function send() {
  const user = userEvent.setup()
  await user.type(await screen.findByLabelText('Text'), 'Much thought')
  await user.click(screen.getByRole('button', { name: 'Send' }))
  return user
}

class Refusal {
  constructor(readonly data: unknown) {}
}

/** An answer as single fetch encodes it. */
const encoded = (status: number, value: unknown) =>
  new Response(
    encode(value, { plugins: [(each) => each instanceof Refusal && ['ErrorResponse', each.data]] }),
    { status, headers: { 'X-Remix-Response': 'yes' } },
  )

afterEach(() => {
  sendFormsBy(undefined)
  vi.restoreAllMocks()
})

describe('a form that posts', () => {
  it('says in its place that nothing was reached, keeps what was typed, and can be sent again', async () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    const line = vi.fn<typeof window.fetch>(async () => {
      throw new TypeError('failed')
    })
    const routed = showWith(line)
    const user = await send()
    expect((await screen.findByRole('alert')).textContent).toBe(
      'Docket can’t be reached. What you typed is still here: send it again.',
    )
    expect(screen.getByLabelText<HTMLTextAreaElement>('Text').value).toBe('Much thought')
    const button = screen.getByRole('button', { name: 'Send' })
    expect(document.activeElement).toBe(button)
    expect(button.getAttribute('aria-disabled')).toBeNull()
    expect(routed).not.toHaveBeenCalled()

    line.mockResolvedValue(encoded(202, {}))
    await user.click(button)
    await waitFor(() => expect(routed).toHaveBeenCalledOnce())
    expect(screen.queryByRole('alert')).toBeNull()
    const [address, init] = line.mock.lastCall ?? []
    expect(address).toBe('/form.data')
    expect(String(init?.body)).toBe('text=Much+thought&version=3&how=at+once')
  })

  it('says that it may have arrived, where nobody knows', async () => {
    showWith(async () => new Response('<h1>Bad gateway</h1>', { status: 502 }))
    await send()
    expect((await screen.findByRole('alert')).textContent).toContain('may have arrived all the same')
  })

  it.each([
    [
      'a page',
      { error: new Refusal({ message: 'It broke.', reference: 'ab12' }) },
      'It broke. Reference: ab12.',
    ],
    [
      'a form',
      { data: { reply: { error: { '': ['It broke. Reference: ab12.'] } } } },
      'It broke. Reference: ab12.',
    ],
  ])('tells what went wrong at the server, told to %s', async (_, value, words) => {
    const routed = showWith(async () => encoded(500, value))
    await send()
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toBe(`${words} What you typed is still here.`)
    expect(routed).not.toHaveBeenCalled()
  })

  it('leaves to the page what the form itself shows', async () => {
    const routed = showWith(async () =>
      encoded(422, { data: { reply: { error: { text: ['Too short.'] } } } }),
    )
    await send()
    await waitFor(() => expect(routed).toHaveBeenCalledOnce())
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('gives its answer to the router once, and a later one to nobody else', async () => {
    const answer = encoded(202, {})
    const routed = showWith(async () => answer)
    await send()
    await waitFor(() => expect(routed).toHaveBeenCalledOnce())
    const line = vi.fn(async () => new Response('another'))
    const init = { method: 'POST' }
    expect(await steadfast(line)('/form.data', init)).toBe(answer)
    expect(await (await steadfast(line)('/form.data', init)).text()).toBe('another')
    expect(takeAnswer(new URL('/form.data', window.location.href))).toBeUndefined()
  })

  it('is sent once, however often it is pressed', async () => {
    const line = vi.fn<typeof window.fetch>(() => new Promise(() => undefined))
    showWith(line)
    await userEvent.setup().dblClick(await screen.findByRole('button', { name: 'Send' }))
    expect(line).toHaveBeenCalledOnce()
  })
})
