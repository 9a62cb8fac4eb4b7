import { vi } from 'vitest'

/**
 * Before each test file: one process runs many files (`isolate: false`), since loading the libraries and starting a
 * process takes longer than most of them run. Each file gets its own copy of every module of ours, and of what it mocks;
 * libraries are loaded once.
 */
vi.resetModules()
vi.useRealTimers()
vi.unstubAllEnvs()
vi.unstubAllGlobals()
