/**
 * The folder that holds `lib`, from which the files are named that are read at run time. One place says so, since a
 * bundle puts the code elsewhere: the build then names the folder itself.
 */
export const LIB = new URL('./', import.meta.url)
