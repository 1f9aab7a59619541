// Memory that is refused ends the program with a message and status 5, because Swift has no other answer to it than a trap.
//
// The program is linked so that all its parts, the C library included, ask here for memory (.ci/build-release). Linked otherwise,
// nothing calls these functions but the two below.

// Names a file that is removed if memory is refused before it is whole. Of more than eight at a time, or of longer names than file
// systems have, the rest stays.
void memory_note_unfinished(int directory, const char *name);

// Forgets a file that is whole, or gone.
void memory_note_finished(int directory, const char *name);
