/** The names of time zones, as people choose them. */

/** Node and browsers go on offering these under the names that they had when their tables began. */
const renamed: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

const named = new Map(Object.entries(renamed))
const known = ['UTC', ...Intl.supportedValuesOf('timeZone')]

/** The IANA names this Node knows, as they are offered: each zone by the name that is usual today. */
export const timeZones: readonly string[] = [...new Set(known.map((zone) => named.get(zone) ?? zone))].sort()

const spellings = new Map([...known, ...named.keys(), ...timeZones].map((zone) => [zone.toLowerCase(), zone]))

/**
 * A zone by any of its IANA names: the name that was given, not another one of the same zone, in its usual spelling.
 * @returns null if there is no zone of that name
 */
export function timeZoneNamed(text: string): string | null {
  const name = text.trim()
  const spelled = spellings.get(name.toLowerCase())
  // an offset such as +02:00 is no zone: it knows no summer
  if (spelled || !/^[a-z]/i.test(name)) return spelled ?? null
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    // an older name, such as US/Eastern
    return /^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(name) ? name : (named.get(timeZone) ?? timeZone)
  } catch {
    return null
  }
}

/** What is said of a name that no zone has. */
export const noSuchZone = 'There is no such time zone. Give an IANA name, such as Europe/Berlin.'
