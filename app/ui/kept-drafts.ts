/** What was typed into a form and not sent yet: kept in the browser, over reloads and lost sessions. */

export interface Draft {
  at: number
  fields: Record<string, string>
}

/** Everything of a person's that the browser keeps begins so. */
export const draftPrefix = 'docket-draft-'
const dayMs = 24 * 3_600_000
const keptMs = 14 * dayMs

export function readDraft(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null
    return draft && Date.now() - draft.at < keptMs ? draft : null
  } catch {
    return null
  }
}

export function writeDraft(key: string, draft: Draft | null) {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft))
    else localStorage.removeItem(key)
  } catch {
    // no room, or not allowed: then nothing is kept
  }
}

/** When somebody signs out, nobody after them at this browser finds what they wrote. */
export function forgetDrafts() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(draftPrefix)) localStorage.removeItem(key)
  } catch {
    // then nothing was kept either
  }
}
