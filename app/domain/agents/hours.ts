import { hourMs } from '../overview/period'
import { dayOf } from '../zones/calendar'

/** The periods that agents' counters are summed over, which are kept by whole hours of UTC. Pure. */

/** Which hour a moment is in, counted from 1970. */
const hourOf = (at: number) => Math.floor(at / hourMs)

/** When an hour began, in milliseconds since 1970 UTC. */
export const hourBegan = (hour: number): number => hour * hourMs

/** The first hour of the last 24: the one that runs and the 23 before it. */
export const firstHourOfDay = (now: number): number => hourOf(now) - 23

/** The first hour of the last 30 days of a time zone: the one in which the first of them begins. */
export const firstHourOfMonth = (now: number, zone: string): number => hourOf(dayOf(now, zone, -29).from)
