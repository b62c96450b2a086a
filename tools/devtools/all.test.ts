// All that npm run test:devtools runs.
import './devtools.test.ts'
import './example.test.ts'
