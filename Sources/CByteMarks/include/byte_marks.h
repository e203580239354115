#ifndef BYLINE_BYTE_MARKS_H
#define BYLINE_BYTE_MARKS_H

#include <stddef.h>
#include <stdint.h>

// Marks are bits, one for each byte of a text, the first in the lowest bit of the first word: (count + 63) / 64 words.

/// Marks the bytes at which a JSON string may end or be wrong: quotes, backslashes, and control bytes.
void byline_mark_string_ends(const void *bytes, size_t count, uint64_t *marks);

/// Which slot of BYLINE_HEAD_SLOTS a text's first three bytes have, whatever the case of their letters.
static inline uint32_t byline_head_slot(uint8_t first, uint8_t second, uint8_t third) {
    const uint32_t head = (uint32_t)first | (uint32_t)second << 8 | (uint32_t)third << 16 | 0x202020;
    return head * 0x9E3779B1u >> 19;
}

#define BYLINE_HEAD_SLOTS 8192

/// Marks where one of many short texts may begin: wherever the slot of the next three bytes is one of theirs.
///
/// - halves: six tables of 16, for the low and the high half of the first byte, the second and the third: the texts are in
///   eight buckets, and an entry's bit k says that a text of bucket k has a byte with such a half at that place.
/// - slots: a bitmap, the first slot in the lowest bit of the first byte.
void byline_mark_heads(
    const void *bytes, size_t count, const uint8_t *halves, const uint8_t *slots, uint64_t *marks);

#endif
