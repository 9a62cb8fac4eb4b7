import { expect, test } from 'vitest'
import { fieldText } from '~/domain/field-text'

test.each([
  ['{"result":1}', '1'],
  [
    '{"type":"result","result":{"id":12345678901234567890,"price":1.50}}',
    '{"id":12345678901234567890,"price":1.50}',
  ],
  [' { "type" : "result" , "result" : [ 1e400 , -0.0 ] } ', '[ 1e400 , -0.0 ]'],
  ['{"result":"a","result":"b"}', '"b"'],
  ['{"other":{"result":1},"list":["result",{"result":2}]}', undefined],
  ['{"other":{"result":1},"result":null,"more":[{}]}', 'null'],
  [String.raw`{"x":"a \" } , \\","result":"\\\" \u007d,\\"}`, String.raw`"\\\" \u007d,\\"`],
  [String.raw`{"\u0072esult":true}`, 'true'],
  ['{"result":"","x":""}', '""'],
  ['{}', undefined],
  ['{"results":1,"resul":2}', undefined],
  ['{"__proto__":1,"result":"ok"}', '"ok"'],
])('%s has %s', (json, text) => {
  expect(fieldText(json, 'result')).toBe(text)
  if (text !== undefined) expect(JSON.parse(text)).toEqual(JSON.parse(json).result)
})

test('a thousand levels are read, and more are refused', () => {
  const nested = (levels: number) => `{"result":${'['.repeat(levels)}${']'.repeat(levels)}}`
  expect(fieldText(nested(1000), 'result')).toHaveLength(2000)
  expect(() => fieldText(nested(1001), 'result')).toThrow(RangeError)
})
