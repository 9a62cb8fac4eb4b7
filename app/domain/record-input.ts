import { z } from 'zod'

const isObject = (value: unknown) => typeof value === 'object' && value !== null

/**
 * `z.record`, which would leave out `__proto__` without a word: here that name is refused.
 *
 * @param error the message for what is no object
 */
export const recordInput = <Key extends z.ZodType<string, string>, Value extends z.ZodType>(
  key: Key,
  value: Value,
  error?: z.core.$ZodRecordParams['error'],
) =>
  z.preprocess(
    (given, context) => {
      if (isObject(given) && Object.hasOwn(given, '__proto__')) {
        context.addIssue({ code: 'custom', message: 'The name “__proto__” is not allowed.' })
      }
      return given
    },
    z.record(key, value, { error }),
  )
