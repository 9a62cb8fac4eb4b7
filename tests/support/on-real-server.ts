/** Whether the tests run on a real libSQL server (`npm run test:server`) instead of files and the test server. */
export const isOnRealServer =
  process.env.LIBSQL_SERVER !== undefined && process.env.LIBSQL_ADMIN !== undefined

/** How many times as long things may take: each statement on a real server is a request, and each commit waits for its disk. */
export const patience = isOnRealServer ? 4 : 1
