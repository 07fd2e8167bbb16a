/** Name of the file with the newest keys of enrolled people, in the folder of the backups. */
export const KEYS_FILE = 'person-keys.age'
