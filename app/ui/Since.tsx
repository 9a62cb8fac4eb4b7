import { shortDateText, timeText } from '~/domain/zones/clock'
import { useSettings } from './settings'

/** What figures are counted from: `since 23 Nov, 19:30`, on a line of its own. */
export function Since({ at }: { at: number }) {
  const { timeZone } = useSettings()
  return (
    <span className="block text-2xs font-normal sm:whitespace-nowrap">
      since {shortDateText(at, timeZone)}, {timeText(at, timeZone)}
    </span>
  )
}
