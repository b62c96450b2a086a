require('../../lib/hear.js')({ data: {} })
