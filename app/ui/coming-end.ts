import { useSentTo } from './sending'

/** How the name of something looks whose end is on its way. */
export const endingLook = 'line-through opacity-60'

/**
 * Which of a page's things a form on its way ends: shown at once, and taken back where it is refused.
 *
 * @param intent what the form's button says
 * @returns its id; null where none is ended, or by another button
 */
export function useEnding(address: string, intent: string): string | null {
  const sent = useSentTo(address)
  return sent?.get('intent') === intent ? `${sent.get('id')}` : null
}
