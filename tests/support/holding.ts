import type { Page } from '@playwright/test'

export interface Held {
  /** From now on the answers of what is posted wait. */
  hold(): void
  /** Lets them go, those that wait and those to come. */
  release(): void
}

/** Holds back what a page is answered to its forms: the server has done it by then. */
export async function holding(page: Page, forms: string | RegExp = /\.data/): Promise<Held> {
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
