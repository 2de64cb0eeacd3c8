package main

import (
	"context"

	"github.com/spf13/cobra"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

// completionCommand prints the script by which a shell completes commands,
// flags and what they take.
func completionCommand(p *program) *cobra.Command {
	var self *cobra.Command
	self = p.command("completion", "bash|zsh|fish|powershell", between(1, 1), func(_ context.Context, args []string) error {
		root := self.Root()
		switch args[0] {
		case "bash":
			return root.GenBashCompletionV2(p.out, true)
		case "zsh":
			return root.GenZshCompletion(p.out)
		case "fish":
			return root.GenFishCompletion(p.out, true)
		case "powershell":
			return root.GenPowerShellCompletionWithDesc(p.out)
		}
		return errUsage
	})
	self.ValidArgs = shells
	self.Example = "  cigogne completion bash > ~/.local/share/bash-completion/completions/cigogne\n  cigogne completion zsh > \"${fpath[1]}/_cigogne\"\n  cigogne completion fish > ~/.config/fish/completions/cigogne.fish"
	return self
}
