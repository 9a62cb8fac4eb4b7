import type { Density, NotificationChoice, Theme } from '~db/vocabulary'

/** How a person wants Docket to be. */
export interface Settings {
  theme: Theme
  density: Density
  /** An IANA name, such as `Europe/Berlin`: what exact times are shown in. */
  timeZone: string
  /** What the browser tells of while Docket is open in it. */
  notifications: NotificationChoice
  /** Whether single keys do things. */
  shortcuts: boolean
}

/** What holds for who never chose, and for who is not signed in. */
export const defaultSettings: Settings = {
  theme: 'system',
  density: 'comfortable',
  timeZone: 'UTC',
  notifications: 'off',
  shortcuts: true,
}
