import { useEffect, useLayoutEffect, useState } from 'react'
import type { Settings } from '~/domain/accounts/settings'
import { deviceZone } from '~/domain/zones/device'
import { paths } from '~/paths'
import { Button } from './button'
import { Checkbox, FormErrors, PostForm, type Reply, Select, SubmitButton } from './forms'
import { Notice } from './Notice'
import { FormActions, Section } from './page'
import { useReplyForm } from './reply-form'
import { useSentTo } from './sending'

interface PreferencesFormProps {
  settings: Settings
  timeZones: readonly string[]
  isSaved: boolean
  reply: Reply | undefined
}

/** How one person wants Docket to be. */
export function PreferencesForm({ settings, timeZones, isSaved, reply }: PreferencesFormProps) {
  const [form, fields] = useReplyForm<Record<keyof Settings, string | boolean>>({
    id: 'preferences',
    reply,
    defaultValue: { ...settings },
  })
  useLookAhead(settings)
  const zones = timeZones.includes(settings.timeZone) ? timeZones : [settings.timeZone, ...timeZones]
  return (
    <>
      {isSaved && !reply && (
        <Notice tone="good" role="status">
          Saved. It holds wherever you are signed in.
        </Notice>
      )}
      <Section title="Preferences" description="They are yours alone; nobody else sees a difference.">
        <PostForm form={form} action={paths.settingsPreferences} className="flex flex-col gap-4">
          <FormErrors form={form} />
          <Select field={fields.theme} label="Theme" className="max-w-72">
            <option value="system">As this device has it</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </Select>
          <Select field={fields.density} label="Density" className="max-w-72">
            <option value="comfortable">Comfortable</option>
            <option value="compact">Compact: more rows on the screen</option>
          </Select>
          <div className="relative flex flex-col gap-1.5">
            <Select
              field={fields.timeZone}
              label="Time zone"
              description="Times are shown in it, and days are counted in it: today, dates in filters, charts, start times. Schedules keep their own."
              className="max-w-72"
            >
              {zones.map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </Select>
            <DeviceZone fieldId={fields.timeZone.id} zones={zones} />
          </div>
          <div className="flex flex-col gap-1.5">
            <Select
              field={fields.notifications}
              label="Notifications"
              description="Shown by the browser while Docket is open in a tab that you do not look at. The browser has to allow them."
              className="max-w-72"
            >
              <option value="off">None</option>
              <option value="needs-me">When a job needs me</option>
              <option value="all">When a job needs me, and when one ends</option>
            </Select>
            <BrowserPermission />
          </div>
          <Checkbox
            field={fields.shortcuts}
            label="Single keys do things"
            description="j and k move in lists, c begins a job, ? shows all of them. Never while you type."
          />
          <FormActions>
            <SubmitButton pendingLabel="Saving…">Save</SubmitButton>
          </FormActions>
        </PostForm>
      </Section>
    </>
  )
}

/** Shows at once how the page will look when what is on its way is saved, and as before where it is refused. */
function useLookAhead({ theme, density }: Pick<Settings, 'theme' | 'density'>) {
  const sent = useSentTo(paths.settingsPreferences)
  const [nextTheme, nextDensity] = [`${sent?.get('theme') ?? theme}`, `${sent?.get('density') ?? density}`]
  useLayoutEffect(() => {
    Object.assign(document.documentElement.dataset, { theme: nextTheme, density: nextDensity })
  }, [nextTheme, nextDensity])
}

/** Offers the zone that the device is in, where it is another one. */
function DeviceZone({ fieldId, zones }: { fieldId: string; zones: readonly string[] }) {
  const [zone, setZone] = useState<string | null>(null)
  useEffect(() => {
    const select = document.getElementById(fieldId)
    const known = deviceZone(zones)
    if (select instanceof HTMLSelectElement && known && select.value !== known) setZone(known)
  }, [fieldId, zones])
  if (!zone) return null
  const take = () => {
    const select = document.getElementById(fieldId)
    if (select instanceof HTMLSelectElement) select.value = zone
    setZone(null)
  }
  return (
    <Button
      size="small"
      className="absolute w-fit max-sm:top-0 max-sm:right-0 sm:bottom-0.5 sm:left-74"
      onClick={take}
    >
      Use this device’s<span className="max-sm:sr-only">: {zone}</span>
    </Button>
  )
}

const permissions: Record<NotificationPermission | 'none', string> = {
  none: 'This browser has no notifications, or none without HTTPS.',
  default: 'This browser has not been asked yet.',
  granted: 'This browser allows them.',
  denied: 'This browser refuses them: allow them for this site in the browser’s own settings.',
}

/**
 * What the browser says to notifications, and a way to ask it. Only the browser knows, so every answer is laid out on
 * top of the others from the start, and the one that is true is made visible: nothing moves when it is known.
 */
function BrowserPermission() {
  const [permission, setPermission] = useState<keyof typeof permissions>()
  useEffect(() => {
    setPermission('Notification' in window ? Notification.permission : 'none')
  }, [])
  return (
    <div role="status" className="grid items-center text-xs text-ink-2">
      {Object.entries(permissions).map(([state, text]) => (
        <p
          key={state}
          className={`col-start-1 row-start-1 flex flex-wrap items-center gap-2 ${state === permission ? '' : 'invisible'}`}
        >
          {text}
          {state === 'default' && (
            <Button size="small" onClick={() => void Notification.requestPermission().then(setPermission)}>
              Ask the browser
            </Button>
          )}
        </p>
      ))}
    </div>
  )
}
