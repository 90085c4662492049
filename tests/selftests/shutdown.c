// SPDX-License-Identifier: GPL-2.0-or-later
/* Ends a file system as a power cut does: nothing more reaches the disk, not even its journal. */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Of ext4 and XFS alike; ext4's header with them is not for user space. */
#define FS_IOC_SHUTDOWN			_IOR('X', 125, uint32_t)
#define FS_SHUTDOWN_FLAGS_NOLOGFLUSH	0x2

int main(int argc, char **argv)
{
	uint32_t flags = FS_SHUTDOWN_FLAGS_NOLOGFLUSH;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "Usage: shutdown MOUNT-POINT\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY | O_DIRECTORY);
	if (fd < 0 || ioctl(fd, FS_IOC_SHUTDOWN, &flags) < 0)
		err(EXIT_FAILURE, "%s", argv[1]);
	close(fd);
	return 0;
}
