import { createContext, useContext } from 'react'
import { defaultSettings, type Settings } from '~/domain/accounts/settings'

export { defaultSettings }

/** How the person at the page wants it to be. */
export const SettingsContext = createContext<Settings>(defaultSettings)

export const useSettings = (): Settings => useContext(SettingsContext)
