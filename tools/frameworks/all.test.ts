// All that npm run test:frameworks runs.
import './example.test.ts'
import './taro.test.ts'
import './uni-app.test.ts'
