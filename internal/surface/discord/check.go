package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/bwmarrin/discordgo"
)

// Check asks Discord who a token is of. The error wraps ErrRefused where it is
// nobody's.
func Check(ctx context.Context, token string) (name string, err error) {
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		return "", fmt.Errorf("discord: %w", err)
	}
	u, err := s.User("@me", discordgo.WithContext(ctx))
	var rest *discordgo.RESTError
	switch {
	case errors.As(err, &rest) && rest.Response != nil && rest.Response.StatusCode == http.StatusUnauthorized, errors.Is(err, discordgo.ErrUnauthorized):
		return "", fmt.Errorf("%w: %w", ErrRefused, err)
	case err != nil:
		return "", fmt.Errorf("ask discord: %w", err)
	}
	return u.Username, nil
}
