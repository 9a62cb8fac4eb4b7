import { afterEach, describe, expect, it, vi } from 'vitest'
import { keepDraft } from '~/ui/keep-draft'
import { forgetEverything, hasDrafts, keptKeys } from '~/ui/kept-drafts'

const drafts = 'docket-draft-me-new-'

function aForm(name = ''): HTMLFormElement {
  document.body.innerHTML = `<form>
    <input type="text" name="name" value="${name}" />
    <details><input type="checkbox" name="shared" value="on" checked /><input type="number" name="priority" value="0" /></details>
    <input type="hidden" name="version" value="1" />
    <input type="hidden" name="idempotencyKey" value="${crypto.randomUUID()}" />
  </form>`
  return document.querySelector('form') as HTMLFormElement
}
const field = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as HTMLInputElement
const type = (form: HTMLFormElement, name: string, value: string) => {
  field(form, name).value = value
  field(form, name).dispatchEvent(new Event('input', { bubbles: true }))
}
const keep = (form: HTMLFormElement, { served = 'empty', isFresh = true } = {}) => {
  const restored = vi.fn()
  return keepDraft({ form, drafts, served, isFresh, restored }).then((keeper) => ({ keeper, restored }))
}

afterEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})

describe('a draft', () => {
  it('comes back as it was, also a box that was unticked, and opens the fold that it is in', async () => {
    const form = aForm()
    const { keeper } = await keep(form)
    field(form, 'shared').checked = false
    type(form, 'name', 'Half a thought')
    keeper.leave()

    const again = aForm()
    const { restored } = await keep(again)
    expect(restored).toHaveBeenCalledOnce()
    expect(field(again, 'name').value).toBe('Half a thought')
    expect(field(again, 'shared').checked).toBe(false)
    expect(again.querySelector('details')?.open).toBe(true)
    expect(localStorage.getItem(keptKeys(drafts)[0] as string)).not.toContain('version')
  })

  it('keeps the key of its form: what has arrived without an answer is not made twice', async () => {
    const form = aForm()
    const { keeper } = await keep(form)
    type(form, 'name', 'Sent, perhaps')
    const { value } = field(form, 'idempotencyKey')
    keeper.leave()
    const again = aForm()
    expect(field(again, 'idempotencyKey').value).not.toBe(value)
    await keep(again)
    expect(field(again, 'idempotencyKey').value).toBe(value)
  })

  it('never keeps a password, and leaves the field of one alone', async () => {
    const withPassword = () => {
      const form = aForm()
      form.insertAdjacentHTML('beforeend', '<input type="password" name="currentPassword" />')
      return form
    }
    const form = withPassword()
    const { keeper } = await keep(form)
    type(form, 'currentPassword', 'seven green bottles')
    type(form, 'name', 'Half a thought')
    keeper.leave()
    expect(JSON.stringify(localStorage)).toContain('Half a thought')
    expect(JSON.stringify([localStorage, sessionStorage])).not.toContain('bottles')
    const again = withPassword()
    await keep(again)
    expect(field(again, 'currentPassword').value).toBe('')
  })

  it('stays away from a form that is served with something else, and from one that is typed into', async () => {
    const form = aForm()
    await keep(form)
    type(form, 'name', 'The first')
    const other = await keep(aForm('Served'), { served: 'served' })
    expect(other.restored).not.toHaveBeenCalled()
    const typed = aForm()
    field(typed, 'name').value = 'Faster'
    expect((await keep(typed)).restored).not.toHaveBeenCalled()
    expect(field(typed, 'name').value).toBe('Faster')
  })

  it('is forgotten when it is sent, and with everything else when somebody signs out', async () => {
    const form = aForm()
    const { keeper } = await keep(form)
    type(form, 'name', 'Sent')
    keeper.forget()
    expect(hasDrafts()).toBe(false)
    type(form, 'name', 'Not sent')
    localStorage.setItem('docket-recent-me', '[]')
    localStorage.setItem('of-another-page', '1')
    forgetEverything()
    expect(Object.keys(localStorage)).toEqual(['of-another-page'])
    expect(sessionStorage).toHaveLength(0)
  })
})
