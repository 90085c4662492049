/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source tree of a tool that runs where it was built: it takes that tree's data. */
#ifndef CW_BUILT_TREE_H
#define CW_BUILT_TREE_H

#include <stddef.h>

/**
 * cw_built_tree_dir() - a folder of the tree that the running tool was built in
 * @name: the folder, below the top of the tree
 * @dir: filled; PATH_MAX are enough
 *
 * Return: @dir, or NULL where this is not build/camwall of a tree.
 */
const char *cw_built_tree_dir(const char *name, char *dir, size_t size);

#endif
