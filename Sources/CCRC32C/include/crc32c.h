#ifndef BYLINE_CRC32C_H
#define BYLINE_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// True where this processor has an instruction for CRC-32C, and `byline_crc32c` may be called.
bool byline_crc32c_is_available(void);

/// Carries a CRC-32C on over `count` bytes. The state is the checksum's complement; it begins as all ones.
uint32_t byline_crc32c(uint32_t state, const void *bytes, size_t count);

#endif
