import { Link, useLocation } from '@remix-run/react'
import type { ReactNode } from 'react'
import { paths } from '~/paths'
import { AdminNav } from './AdminNav'
import { Button, buttonClass, LinkButton } from './button'
import { ChevronDown, LogOut, Menu, Plus, Search } from './icons'
import { keysText, useHasKeys, useHints } from './keys/hints'
import { useKeys } from './keys/use-keys'
import { Name } from './name'
import { Place } from './Place'
import { PostForm } from './post-form'
import { WordMark } from './WordMark'

export interface FrameUser {
  id: string
  name: string
  email: string
  isAdmin: boolean
}

const places = [
  { to: paths.jobs(), label: 'Jobs', admin: false, also: /^\/(views|batches)/ },
  { to: paths.templates, label: 'Templates', admin: false, also: /^\/schedules/ },
  { to: paths.overview, label: 'Admin', admin: true, also: undefined },
  { to: paths.settings, label: 'Settings', admin: false, also: undefined },
] as const

/**
 * Word mark, places, search, New job, and who is signed in; below it the admins' pages, on these themselves. Its menus
 * are <details>: they open without JavaScript. The keyboard is listened to from here.
 */
export function FrameHeader({ user }: { user: FrameUser }) {
  const shown = places.filter(({ admin }) => !admin || user.isAdmin)
  const { pathname } = useLocation()
  const keys = useKeys(user)
  const hint = useHints()
  const openSheet = () => keys.open('sheet')
  const isAdmins = user.isAdmin && /^\/admin(\/|$)/.test(pathname)
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex h-13 max-w-page items-center gap-1 px-4 sm:px-6">
        <Link to={paths.jobs()} aria-label="Docket, to your jobs" className="mr-3 flex rounded-sm">
          <WordMark />
        </Link>
        <nav aria-label="Places" className="hidden items-center gap-0.5 md:flex">
          {shown.map(({ label, ...place }) => (
            <Place key={label} {...place} className="px-2.5 py-1">
              {label}
            </Place>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-2">
          <Find open={() => keys.open('palette')} />
          <LinkButton to={paths.newJob()} variant="primary" size="small" {...hint('create')}>
            <Plus aria-hidden />
            New job
          </LinkButton>
          <MenuBox
            className="hidden md:block"
            label={
              <>
                <Name className="max-w-40 truncate">{user.name}</Name>
                <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
              </>
            }
          >
            <Person user={user} openSheet={openSheet} />
          </MenuBox>
          <MenuBox
            className="md:hidden"
            label={
              <>
                <Menu aria-hidden />
                <span className="sr-only">Menu</span>
              </>
            }
          >
            <nav aria-label="Places" className="flex flex-col border-b border-line pb-1.5">
              {shown.map(({ label, ...place }) => (
                <Place key={label} {...place} className="px-2.5 py-2">
                  {label}
                </Place>
              ))}
            </nav>
            <Person user={user} openSheet={openSheet} />
          </MenuBox>
        </div>
      </div>
      {isAdmins && <AdminNav />}
      {keys.dialog}
    </header>
  )
}

function MenuBox({
  label,
  className,
  children,
}: {
  label: ReactNode
  className: string
  children: ReactNode
}) {
  // a new key closes it when another page is shown
  const { key } = useLocation()
  return (
    <details
      key={key}
      className={`relative ${className}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !event.currentTarget.open) return
        event.preventDefault()
        event.currentTarget.open = false
        event.currentTarget.querySelector('summary')?.focus()
      }}
    >
      <summary className={buttonClass({ variant: 'quiet', size: 'small' }, 'text-sm')}>{label}</summary>
      <div className="absolute right-0 z-10 mt-1 flex w-60 max-w-[calc(100vw-2rem)] flex-col gap-1.5 rounded-lg border border-line bg-surface p-1.5 shadow-lg">
        {children}
      </div>
    </details>
  )
}

/** Opens the palette; without JavaScript it is a link to the page that finds the same. */
function Find({ open }: { open: () => void }) {
  const hint = useHints()
  const hasKeys = useHasKeys()
  return (
    <Link
      to={paths.search()}
      className={buttonClass({ size: 'small' }, 'lg:w-44 lg:justify-start')}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        open()
      }}
      {...hint('palette')}
    >
      <Search aria-hidden className="text-ink-3" />
      <span className="max-lg:sr-only">Search</span>
      {hasKeys && (
        <kbd aria-hidden className="ml-auto font-sans text-2xs font-normal text-ink-3 max-lg:hidden">
          {keysText('Mod+k')}
        </kbd>
      )}
    </Link>
  )
}

function Person({ user, openSheet }: { user: FrameUser; openSheet: () => void }) {
  const hasKeys = useHasKeys()
  return (
    <>
      <div className="px-2.5 pt-1 wrap-anywhere">
        <p className="font-medium">
          <Name>{user.name}</Name>
        </p>
        <p className="text-xs text-ink-2">
          {user.email}
          {user.isAdmin && ' · admin'}
        </p>
      </div>
      {hasKeys && (
        <Button
          variant="quiet"
          className="w-full justify-start!"
          onClick={(event) => {
            event.currentTarget.closest('details')?.removeAttribute('open')
            openSheet()
          }}
        >
          <kbd aria-hidden className="w-4 font-mono text-ink-3">
            ?
          </kbd>
          Keyboard shortcuts
        </Button>
      )}
      <PostForm action={paths.logout}>
        <button type="submit" className={buttonClass({ variant: 'quiet' }, 'w-full justify-start')}>
          <LogOut aria-hidden />
          Sign out
        </button>
      </PostForm>
    </>
  )
}
