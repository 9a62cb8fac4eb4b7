import { lookup } from '../lookup'

/** Cron expressions in words, where a plain sentence says exactly the same. Pure. */

const nicknames: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August'],
  ...['September', 'October', 'November', 'December'],
]

/** `Every Monday at 09:00`; null where it takes more than a sentence. */
export function cronWords(cron: string): string | null {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = (
    lookup(nicknames, cron.toLowerCase()) ?? cron
  ).split(' ')
  const isAnyDay = day === '*' && month === '*' && weekday === '*'
  if (isAnyDay) {
    const often = oftenWords(minute, hour)
    if (often) return often
  }
  const at = timesWords(minute, hour)
  if (at === null) return null
  if (isAnyDay) return `Every day at ${at}`
  if (day === '*' && month === '*') return weekdayWords(weekday, at)
  return weekday === '*' ? dayWords(day, month, at) : null
}

/** Several times a day, at no fixed time of it. */
function oftenWords(minute: string, hour: string): string | null {
  const minutes = stepOf(minute, 60)
  if (hour === '*') {
    if (minutes) return minutes === 1 ? 'Every minute' : `Every ${minutes} minutes`
    const past = numberOf(minute, 59)
    if (past === null) return null
    return past === 0 ? 'Every hour, on the hour' : `Every hour, at ${past} past`
  }
  const hours = stepOf(hour, 24)
  const past = numberOf(minute, 59)
  return hours && past !== null ? `Every ${hours} hours from ${clock(0, past)}` : null
}

/** A step that divides its whole evenly: `*` and `/5` of 60, but not `/7`, whose last gap is a shorter one. */
function stepOf(field: string, whole: number): number | null {
  if (field === '*') return 1
  const step = /^\*\/(\d{1,2})$/.exec(field)
  const size = step ? Number(step[1]) : 0
  return size > 0 && size < whole && whole % size === 0 ? size : null
}

function numberOf(field: string, most: number): number | null {
  return /^\d{1,2}$/.test(field) && Number(field) <= most ? Number(field) : null
}

const two = (value: number) => String(value).padStart(2, '0')
const clock = (hour: number, minute: number) => `${two(hour)}:${two(minute)}`

const listed = (words: string[]) =>
  words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? '')

/** Up to four times of a day. */
function timesWords(minute: string, hour: string): string | null {
  const past = numberOf(minute, 59)
  const hours = hour.split(',').map((each) => numberOf(each, 23))
  if (past === null || hours.length > 4 || hours.includes(null)) return null
  const inOrder = [...new Set(hours as number[])].sort((a, b) => a - b)
  return listed(inOrder.map((each) => clock(each, past)))
}

function weekdayWords(field: string, at: string): string | null {
  const days = daysOf(field)
  if (days === null || days.length === 0) return null
  if (days.join() === '1,2,3,4,5') return `Every weekday, Monday to Friday, at ${at}`
  if (days.length === 7) return `Every day at ${at}`
  return `Every ${listed(days.map((each) => weekdays[each] as string))} at ${at}`
}

/** Days of the week from Monday on, 0 for Sunday at the end; null for what is more than days and ranges of them. */
function daysOf(field: string): number[] | null {
  const days = new Set<number>()
  for (const part of field.split(',')) {
    const [from, to = from, ...rest] = part.split('-').map(dayNumber)
    if (from === undefined || to === undefined || rest.length > 0 || from > to) return null
    for (let day = from; day <= to; day++) days.add(day % 7)
  }
  return [...days].sort((a, b) => (a || 7) - (b || 7))
}

/** 0 to 7, by number or by name; Sunday is both. */
function dayNumber(text: string): number | undefined {
  if (/^[0-7]$/.test(text)) return Number(text)
  const named = weekdays.findIndex((each) => each.slice(0, 3).toLowerCase() === text.toLowerCase())
  return named >= 0 ? named : undefined
}

function dayWords(day: string, month: string, at: string): string | null {
  const isLast = day === 'L'
  const date = isLast ? null : numberOf(day, 31)
  if (!isLast && (date === null || date === 0)) return null
  if (month === '*') {
    if (isLast) return `On the last day of every month at ${at}`
    return `On the ${ordinal(date as number)} of every month${Number(date) > 28 ? ' that has one' : ''} at ${at}`
  }
  const name = months[(numberOf(month, 12) ?? 0) - 1]
  if (!name) return null
  if (isLast) return `Every year on the last day of ${name} at ${at}`
  return name === 'February' && Number(date) > 28 ? null : `Every year on ${date} ${name} at ${at}`
}

function ordinal(value: number): string {
  const teen = value > 10 && value < 14
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')
  return `${value}${ending}`
}
