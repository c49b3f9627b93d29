package help

// TextSum is what the texts were when their day was written down.
const TextSum = textSum
