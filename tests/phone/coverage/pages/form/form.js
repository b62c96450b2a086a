require('../../lib/hear.js')({ data: { fruits: ['apple', 'pear'] } })
