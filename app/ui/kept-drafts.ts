/** What was typed into a form and not sent yet: kept in the browser, over reloads and lost sessions. */

/** Everything of ours in the browser's stores begins so. */
const ours = 'docket-'
const drafts = `${ours}draft-`

/** Where one form's drafts are; each page that has the form open has its own behind it. */
export const draftsOf = (userId: string, form: string) => `${drafts}${userId}-${form}-`

/** The keys that begin so. None where nothing may be kept. */
export function keptKeys(beginning: string, store: () => Storage = () => localStorage): string[] {
  try {
    return Object.keys(store()).filter((key) => key.startsWith(beginning))
  } catch {
    return []
  }
}

/** Whether anything that somebody wrote is kept here. */
export const hasDrafts = () => keptKeys(drafts).length > 0

/** When somebody signs out, nobody after them at this browser finds what they wrote, opened or picked. */
export function forgetEverything() {
  for (const store of [() => localStorage, () => sessionStorage])
    for (const key of keptKeys(ours, store)) store().removeItem(key)
}

/** What was handed in is no draft any more, also where its page was left before that was known. */
export function forgetDraftOf({ dataset: { draft } }: HTMLFormElement) {
  if (draft) localStorage.removeItem(draft)
}
