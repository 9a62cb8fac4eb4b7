import type { Page } from '@playwright/test'

/** Holds requests back, before they are at the server, until they are let go; `asked` is when the first one came. */
export async function holdBack(page: Page, address: RegExp) {
  let ask = () => {}
  const asked = new Promise<void>((resolve) => {
    ask = resolve
  })
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(address, async (route) => {
    ask()
    await released
    await route.continue()
  })
  return { asked, release }
}

export interface Held {
  /** From now on the answers of what is posted wait. */
  hold(): void
  /** Lets them go, those that wait and those to come. */
  release(): void
}

/** Holds back what a page is answered to its forms: the server has done it by then. */
export async function holding(page: Page, forms: RegExp = /\.data/): Promise<Held> {
  let open = () => {}
  let held: Promise<void> | undefined
  await page.route(forms, async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    const response = await route.fetch()
    await held
    await route.fulfill({ response })
  })
  return {
    hold() {
      held = new Promise((resolve) => {
        open = resolve
      })
    },
    release: () => open(),
  }
}
